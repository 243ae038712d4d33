// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_MOUNTS_HPP
#define IMON_MIRRORD_MOUNTS_HPP

#include <string>
#include <vector>

namespace imon::mirrord {

/// Where something is mounted below a directory, relative to it.
/// @param table  in the format of /proc/mounts
std::vector<std::string> mounts_below(
	const std::string &root,
	const std::string &table = "/proc/self/mounts");

/// The pattern that hides from rsync what is mounted there, and not the mount
/// point.
std::string hide_mount(const std::string &path);

} // namespace imon::mirrord

#endif
