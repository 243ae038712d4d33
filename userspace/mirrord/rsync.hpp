// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_RSYNC_HPP
#define IMON_MIRRORD_RSYNC_HPP

#include <string>
#include <vector>

#include "backlog.hpp"
#include "launcher.hpp"
#include "options.hpp"

namespace imon::mirrord {

/// The command that brings a batch to a replica. It is to be run inside the
/// source directory, with the list of names on its standard input.
/// @param progress  let rsync report its progress on standard output
std::vector<std::string> rsync_command(const options &o, const destination &to,
				       const tasks &batch, bool progress);

/// What an exit status of that command means.
outcome judge_rsync(int status, const tasks &batch);

/// With this option rsync deletes nothing and says with that status that it
/// would have.
inline constexpr const char *delete_nothing = "--max-delete=0";
inline constexpr int would_delete = 25;

/// Why it failed, in one line for messages: the exit status in words and the
/// complaint that matters.
std::string describe_rsync(const exit_report &report);

} // namespace imon::mirrord

#endif
