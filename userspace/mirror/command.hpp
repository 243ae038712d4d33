// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_COMMAND_HPP
#define IMON_MIRROR_COMMAND_HPP

#include "subcommand.hpp"

namespace imon::mirror {

/// Exit codes of imon-mirror(8): yes, no, or no answer.
enum exit_code { yes = 0, no = 1, usage = 2, failed = 3 };

using tools::action;

/// Each declares one subcommand's arguments, in cmd/.
action declare_status(CLI::App &app);
action declare_wait(CLI::App &app);
action declare_why(CLI::App &app);
action declare_verify(CLI::App &app);
action declare_flush(CLI::App &app);
action declare_pause(CLI::App &app);
action declare_resume(CLI::App &app);
action declare_approve(CLI::App &app);
action declare_reject(CLI::App &app);
action declare_replicas(CLI::App &app);
action declare_reload(CLI::App &app);
action declare_doctor(CLI::App &app);

} // namespace imon::mirror

#endif
