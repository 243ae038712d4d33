// SPDX-License-Identifier: GPL-2.0-or-later
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <imon/admin.hpp>

#include "../command.hpp"
#include "../named_monitor.hpp"
#include "../watch_plan.hpp"

namespace imon::tools {

namespace {

using call = void (admin::*)(std::uint32_t monitor, std::uint32_t watch,
			     int dirfd);

struct arguments {
	std::string name;
	std::vector<std::string> paths;
};

int apply(const arguments &args, call change)
{
	const auto directories = open_targets(args.paths, IMON_SCOPE_DIR);
	admin module;
	const auto monitor = find_monitor(module, args.name).id;
	std::vector<std::uint32_t> trees;
	for (const auto &w : module.watches())
		if (w.monitor == monitor && w.scope == IMON_SCOPE_TREE &&
		    w.state == IMON_WATCH_STATE_ACTIVE)
			trees.push_back(w.id);
	for (const auto &d : directories)
		for_trees_around(d, trees, [&](std::uint32_t watch, int dirfd) {
			(module.*change)(monitor, watch, dirfd);
		});
	return success;
}

action declare(CLI::App &app, call change)
{
	auto args = std::make_shared<arguments>();
	app.add_option("NAME", args->name, "The monitor's name")->required();
	app.add_option("DIR", args->paths, "Directories inside its trees")
		->required();
	return [args, change] { return apply(*args, change); };
}

} // namespace

action declare_exclude(CLI::App &app)
{
	return declare(app, &admin::exclude);
}

action declare_include(CLI::App &app)
{
	return declare(app, &admin::include);
}

} // namespace imon::tools
