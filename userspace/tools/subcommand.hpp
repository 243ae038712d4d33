// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_SUBCOMMAND_HPP
#define IMON_TOOLS_SUBCOMMAND_HPP

#include <functional>
#include <span>

namespace CLI {
class App;
}

namespace imon::tools {

/// What a subcommand does once its arguments have been read.
/// @return the exit code; @throws error with the sentence for the user
using action = std::function<int()>;

struct subcommand {
	const char *name;
	const char *summary;
	action (*declare)(CLI::App &app);
};

/// Does what the arguments say, one of these. @return the exit code: 2 for wrong
/// usage, which is told
int run_subcommand(CLI::App &app, std::span<const subcommand> all, int argc,
		   char **argv);

} // namespace imon::tools

#endif
