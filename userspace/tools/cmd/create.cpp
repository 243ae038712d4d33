// SPDX-License-Identifier: GPL-2.0-or-later
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <imon/admin.hpp>
#include <imon/error.hpp>

#include "../command.hpp"
#include "../monitor_arguments.hpp"
#include "../named_monitor.hpp"
#include "../tree.hpp"

namespace imon::tools {

namespace {

struct arguments {
	std::string name;
	std::vector<std::string> paths;
	monitor_arguments monitor;
};

int create(const arguments &args)
{
	const auto trees = open_trees(args.paths);
	admin module;
	const auto id = with_monitor(args.name, [&] {
		return module.create({.name = args.name,
				      .mode = args.monitor.mode,
				      .queue_bytes = args.monitor.queue_bytes});
	});
	try {
		add_trees(trees, [&](const tree &t) {
			module.add(
				id, t.fd.get(),
				{.mask = args.monitor.mask, .label = t.label});
		});
	} catch (const error &) {
		module.remove(args.name);
		throw;
	}
	return success;
}

} // namespace

action declare_create(CLI::App &app)
{
	auto args = std::make_shared<arguments>();
	app.add_option("NAME", args->name, "The monitor's name")->required();
	app.add_option("DIR", args->paths, "Directories to watch")->required();
	args->monitor.declare(app);
	return [args] { return create(*args); };
}

} // namespace imon::tools
