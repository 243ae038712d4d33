// SPDX-License-Identifier: GPL-2.0-or-later
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <imon/admin.hpp>

#include "../command.hpp"
#include "../monitor_output.hpp"
#include "../standard_output.hpp"

namespace imon::tools {

namespace {

void print_json(const std::vector<monitor_info> &monitors,
		const std::vector<watch_info> &watches)
{
	auto list = nlohmann::ordered_json::array();
	for (const auto &m : monitors) {
		auto own = nlohmann::ordered_json::array();
		for (const auto &w : watches)
			if (w.monitor == m.id)
				own.push_back(as_json(w));
		list.push_back(as_json(m));
		list.back()["watches"] = std::move(own);
	}
	print(list.dump(2) + '\n');
}

int list(bool json)
{
	admin module;
	const auto monitors = module.monitors();
	const auto watches = module.watches();
	if (json)
		print_json(monitors, watches);
	else
		for (const auto &m : monitors)
			print(as_text(m, watches));
	flush();
	return success;
}

} // namespace

action declare_list(CLI::App &app)
{
	auto json = std::make_shared<bool>(false);
	app.add_flag("--json", *json, "Print JSON");
	return [json] { return list(*json); };
}

} // namespace imon::tools
