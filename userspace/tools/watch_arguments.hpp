// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_WATCH_ARGUMENTS_HPP
#define IMON_TOOLS_WATCH_ARGUMENTS_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <linux/imon.h>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace imon::tools {

/// What the user wants to be watched.
struct watch_arguments {
	std::vector<std::string> paths{};
	std::vector<std::string> excludes{};
	std::uint32_t scope = IMON_SCOPE_TREE;
	std::uint32_t mask = 0;

	/// Declares PATH..., --scope, --mask and --exclude.
	/// @return the option PATH
	CLI::Option *declare(CLI::App &app);

	/// To be called when all arguments are read.
	/// @throws CLI::ValidationError when they do not go together
	void check() const;
};

} // namespace imon::tools

#endif
