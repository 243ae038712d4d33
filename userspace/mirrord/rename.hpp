// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_RENAME_HPP
#define IMON_MIRRORD_RENAME_HPP

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "op_list.hpp"
#include "poller.hpp"

namespace imon::mirrord {

/// A rename inside the tree, to be executed on a replica as well.
struct rename {
	std::string from, to;
	bool directory = false;
	std::uint64_t inode = 0; ///< in the source
	std::uint64_t since = 0; ///< its event
	clock::time_point born{};
};

/// What the source has at a path now.
struct source_object {
	std::uint64_t inode = 0;
	std::uint32_t type = 0; ///< S_IFMT bits
	std::uint64_t size = 0;
	std::int64_t mtime_ns = 0; ///< since the epoch
};

using look_up =
	std::function<std::optional<source_object>(const std::string &)>;

/// The renames, up to the first that the source as it is now does not bear
/// out: the object has gone on from its new name by other ways than a later
/// rename of the list; or at a directory's old name stands something that none
/// of them brought there, as after an exchange of which the other half is still
/// to be reported; or imon-apply does not take it. Each comes with what is to be
/// found at its old name.
std::vector<move> borne_out(const std::vector<rename> &renames,
			    const look_up &source);

} // namespace imon::mirrord

#endif
