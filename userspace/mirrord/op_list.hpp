// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_OP_LIST_HPP
#define IMON_MIRRORD_OP_LIST_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report.hpp"

namespace imon::mirrord {

/// A rename to be executed on a replica, and what has to be there for it.
struct move {
	std::string old_path, new_path; ///< relative to the root
	std::uint32_t type = 0;		///< S_IFMT bits
	/// Of directories neither is looked at.
	std::uint64_t size = 0;
	std::int64_t mtime_ns = 0;
	/// Else what has the new name already is in the way.
	bool replace = true;
};

/// How far imon-apply came.
struct apply_result {
	enum class ending {
		done,	 ///< all of it
		failed,	 ///< the one after the first @c done ones
		unknown, ///< at least the first @c done ones
	};

	ending end = ending::unknown;
	std::size_t done = 0;
	std::string why; ///< one line for messages; empty when all is done
};

/// What is known of a replica before renames are risked.
struct probe_result {
	std::string version;
	std::uint64_t free_bytes = 0;
	std::optional<std::uint64_t> free_inodes{}; ///< where they are counted
	std::optional<std::uint64_t> time{};	    ///< seconds since 1970
	bool rsync = false;			    ///< found there
};

/// Most moves in one list.
extern const std::size_t moves_max;

/// Whether imon-apply takes it: longer paths are for rsync alone.
bool can_apply(const move &m);

/// What imon-apply gets on its standard input. Each of @p moves can_apply().
std::string op_list(const std::vector<move> &moves);
/// The same, to remove what is older than that from the trash.
std::string expire_list(wall_time older_than);
std::string probe_list();

/// Where rsync puts what a batch deletes, relative to the replica's root.
std::string trash_path(wall_time batch);

/// @param out  what it printed, or any other bytes
/// @param n    how many operations the list had
apply_result parse_apply(std::string_view out, std::size_t n);
/// The answer to probe_list(); nothing if it is none.
std::optional<probe_result> parse_probe(std::string_view out);

} // namespace imon::mirrord

#endif
