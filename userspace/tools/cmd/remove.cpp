// SPDX-License-Identifier: GPL-2.0-or-later
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <imon/admin.hpp>

#include "../command.hpp"
#include "../named_monitor.hpp"

namespace imon::tools {

namespace {

struct arguments {
	std::string name;
	std::vector<std::uint32_t> watches;
};

int remove(const arguments &args)
{
	admin module;
	const auto id = find_monitor(module, args.name).id;
	for (const auto watch : args.watches)
		with_monitor(args.name, [&] { module.remove(id, watch); });
	return success;
}

} // namespace

action declare_remove(CLI::App &app)
{
	auto args = std::make_shared<arguments>();
	app.add_option("NAME", args->name, "The monitor's name")->required();
	app.add_option("WATCH", args->watches,
		       "Numbers of watches, as imon list shows them")
		->required();
	return [args] { return remove(*args); };
}

} // namespace imon::tools
