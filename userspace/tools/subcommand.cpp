// SPDX-License-Identifier: GPL-2.0-or-later
#include "subcommand.hpp"

#include <CLI/CLI.hpp>

namespace imon::tools {

int run_subcommand(CLI::App &app, std::span<const subcommand> all, int argc,
		   char **argv)
{
	constexpr int success = 0, usage = 2;
	app.require_subcommand(1);
	action chosen;
	for (const subcommand &c : all) {
		auto *const sub = app.add_subcommand(c.name, c.summary);
		sub->callback(
			[&chosen, todo = c.declare(*sub)] { chosen = todo; });
	}
	try {
		app.parse(argc, argv);
	} catch (const CLI::ParseError &e) {
		return app.exit(e) == 0 ? success : usage;
	}
	return chosen();
}

} // namespace imon::tools
