// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_FILE_LIST_HPP
#define IMON_MIRRORD_FILE_LIST_HPP

#include <set>
#include <string>

#include "backlog.hpp"

namespace imon::mirrord {

/// The batch as rsync's --files-from takes it: every name after "./", which
/// hides a leading dash or '#', keeps the root's own times right as well,
/// and ends with NUL.
///
/// A path whose directory is gone, or is no directory any more, is listed as
/// the uppermost of its ancestors that is not one: rsync would stumble over
/// the first and follow a symbolic link out of the tree in the second case.
/// @param root  descriptor of the source
/// @param more  paths that are listed as well
std::string file_list(int root, const tasks &batch,
		      const std::set<std::string> &more = {});

} // namespace imon::mirrord

#endif
