// SPDX-License-Identifier: GPL-2.0-or-later
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include <imon/admin.hpp>
#include <imon/error.hpp>

#include "../command.hpp"
#include "../named_monitor.hpp"
#include "../watch_arguments.hpp"
#include "../watch_plan.hpp"

namespace imon::tools {

namespace {

struct arguments {
	std::string name;
	watch_arguments watches;
};

int add(const arguments &args)
{
	const watch_plan plan(args.watches);
	admin module;
	const auto id = find_monitor(module, args.name).id;
	plan.carry_out(watch_calls_of(module, id));
	return success;
}

} // namespace

action declare_add(CLI::App &app)
{
	auto args = std::make_shared<arguments>();
	app.add_option("NAME", args->name, "The monitor's name")->required();
	args->watches.declare(app)->required();
	app.parse_complete_callback([args] { args->watches.check(); });
	return [args] { return add(*args); };
}

} // namespace imon::tools
