// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_PLACE_HPP
#define IMON_MIRROR_PLACE_HPP

#include <cstdint>
#include <optional>
#include <string>

#include "finding.hpp"

namespace imon::mirror {

/// What a filesystem has left.
struct room {
	std::uint64_t bytes = 0;
	std::optional<std::uint64_t> inodes{}; ///< where they are counted
};

/// Whether that is enough to go on.
finding judge_room(const std::string &about, const room &left);

/// Whether files can be made in a folder, and how many.
/// @param may_be_made  it may be missing, if it could be made
finding examine_place(const std::string &about, const std::string &folder,
		      bool may_be_made);

} // namespace imon::mirror

#endif
