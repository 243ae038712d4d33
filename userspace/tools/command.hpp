// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_COMMAND_HPP
#define IMON_TOOLS_COMMAND_HPP

#include "subcommand.hpp"

namespace imon::tools {

/// Exit codes of imon(8).
enum exit_code { success = 0, failure = 1, usage = 2 };

/// Each declares one subcommand's arguments, in cmd/.
action declare_add(CLI::App &app);
action declare_create(CLI::App &app);
action declare_delete(CLI::App &app);
action declare_exclude(CLI::App &app);
action declare_include(CLI::App &app);
action declare_list(CLI::App &app);
action declare_remove(CLI::App &app);
action declare_stat(CLI::App &app);
action declare_watch(CLI::App &app);

} // namespace imon::tools

#endif
