// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_APPLY_COMMAND_HPP
#define IMON_MIRRORD_APPLY_COMMAND_HPP

#include <string>
#include <string_view>
#include <vector>

#include "settings.hpp"

namespace imon::mirrord {

/// The words of a remote shell's command, as rsync takes -e apart: blanks
/// separate them, quotes of either kind keep blanks, and a quote that is
/// doubled inside of its kind stands for itself.
/// @throws error EINVAL when a quote is not closed or there is no word
std::vector<std::string> split_rsh(std::string_view command);

/// The command that runs a replica's imon-apply, with the list on its standard
/// input; empty when there is no way to run one: an rsync daemon, or none set.
std::vector<std::string> apply_command(const replica_settings &r);

} // namespace imon::mirrord

#endif
