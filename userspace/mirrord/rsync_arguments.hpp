// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_RSYNC_ARGUMENTS_HPP
#define IMON_MIRRORD_RSYNC_ARGUMENTS_HPP

#include <string>

namespace imon::mirrord {

/// Refuses what rsync would take for another kind of argument, and options that
/// make it do nothing, or something to the source.
/// @throws error EINVAL with a sentence
void check_rsync_option(const std::string &option);

/// Refuses what is no filter rule of rsync, as far as its first word tells.
/// @throws error EINVAL with a sentence
void check_filter(const std::string &rule);

} // namespace imon::mirrord

#endif
