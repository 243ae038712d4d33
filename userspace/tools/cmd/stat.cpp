// SPDX-License-Identifier: GPL-2.0-or-later
#include <iomanip>
#include <memory>
#include <sstream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <imon/admin.hpp>

#include "../command.hpp"
#include "../monitor_output.hpp"
#include "../standard_output.hpp"

namespace imon::tools {

namespace {

std::string json_of(const module_info &module,
		    const std::vector<monitor_info> &monitors)
{
	nlohmann::ordered_json out;
	out["version"] = module.version;
	out["instance"] = module.instance;
	out["watches"] = module.watches;
	out["filesystems"] = module.filesystems;
	out["monitors"] = nlohmann::ordered_json::array();
	for (const auto &m : monitors)
		out["monitors"].push_back(as_json(m));
	return out.dump(2) + '\n';
}

std::string text_of(const module_info &module,
		    const std::vector<monitor_info> &monitors)
{
	struct counter {
		const char *name;
		std::uint64_t monitor_info::*value;
	};
	constexpr counter counters[] = {
		{"waiting", &monitor_info::pending},
		{"in flight", &monitor_info::in_flight},
		{"queued", &monitor_info::queued},
		{"merged", &monitor_info::merged},
		{"degraded", &monitor_info::degraded},
		{"delivered", &monitor_info::delivered},
		{"redelivered", &monitor_info::redelivered},
		{"bytes now", &monitor_info::bytes},
		{"bytes at most", &monitor_info::bytes_high},
		{"bytes bound", &monitor_info::queue_bytes},
	};

	std::ostringstream out;
	out << "imon module " << module.version << ": " << module.monitors
	    << " monitors, " << module.watches << " watches, "
	    << module.filesystems << " filesystems\n";
	for (const auto &m : monitors) {
		out << '\n' << title_of(m) << '\n';
		for (const auto &c : counters)
			out << "  " << std::left << std::setw(14) << c.name
			    << std::right << std::setw(14) << m.*c.value
			    << '\n';
	}
	return out.str();
}

int stat(bool json)
{
	admin link;
	const auto module = link.module();
	const auto monitors = link.monitors();
	print(json ? json_of(module, monitors) : text_of(module, monitors));
	flush();
	return success;
}

} // namespace

action declare_stat(CLI::App &app)
{
	auto json = std::make_shared<bool>(false);
	app.add_flag("--json", *json, "Print JSON");
	return [json] { return stat(*json); };
}

} // namespace imon::tools
