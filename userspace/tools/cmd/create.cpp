// SPDX-License-Identifier: GPL-2.0-or-later
#include <memory>

#include <CLI/CLI.hpp>

#include <imon/admin.hpp>
#include <imon/error.hpp>

#include "../command.hpp"
#include "../monitor_arguments.hpp"
#include "../named_monitor.hpp"
#include "../watch_arguments.hpp"
#include "../watch_plan.hpp"

namespace imon::tools {

namespace {

struct arguments {
	monitor_options monitor;
	watch_arguments watches;
};

int create(const arguments &args)
{
	const watch_plan plan(args.watches);
	const auto &name = args.monitor.name;
	admin module;
	const auto id =
		with_monitor(name, [&] { return module.create(args.monitor); });
	try {
		plan.carry_out(watch_calls_of(module, id));
	} catch (const error &) {
		module.remove(name);
		throw;
	}
	return success;
}

} // namespace

action declare_create(CLI::App &app)
{
	auto args = std::make_shared<arguments>();
	app.add_option("NAME", args->monitor.name, "The monitor's name")
		->required();
	args->watches.declare(app)->required();
	declare_monitor_arguments(app, args->monitor);
	declare_detached_arguments(app, args->monitor);
	app.parse_complete_callback([args] { args->watches.check(); });
	return [args] { return create(*args); };
}

} // namespace imon::tools
