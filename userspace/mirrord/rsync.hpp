// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_RSYNC_HPP
#define IMON_MIRRORD_RSYNC_HPP

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backlog.hpp"
#include "launcher.hpp"
#include "settings.hpp"

namespace imon::mirrord {

/// What rsync is run for.
struct rsync_mode {
	enum class purpose {
		send,	///< bring the batch to the replica
		count,	///< say what would be deleted, change nothing
		audit,	///< send, and say what differed
		look,	///< say what differs, change nothing
		filter, ///< say what the filters leave out
	};

	purpose why = purpose::send;
	/// Report the progress on standard output.
	bool progress = false;
	/// Where what is deleted or replaced goes, relative to the replica's
	/// root; empty: nowhere.
	std::string trash{};
	/// The list has names of one file.
	bool links = false;
	/// Make what is missing of the replica's path.
	bool make_path = false;
	/// Patterns, anchored at the root, of what is mounted inside of the tree
	/// and not to be followed.
	std::vector<std::string> mounts{};
};

/// The command that brings a batch to a replica. It is to be run inside the
/// source directory, with the list of names on its standard input.
std::vector<std::string> rsync_command(const replica_settings &r,
				       const tasks &batch,
				       const rsync_mode &mode);

/// What an exit status of that command means.
outcome judge_rsync(int status, const tasks &batch);

/// With this option rsync deletes nothing, and says that it would have.
inline constexpr const char *delete_nothing = "--max-delete=0";
/// How many deletions it says it would have made; nothing if none. Directories
/// that are not empty may not be among them.
std::optional<std::uint64_t> skipped_deletions(const exit_report &report);

/// The path in a line that rsync printed for purposes other than send; nothing
/// if the line is about something else.
std::optional<std::string> reported_path(std::string_view line);

/// In a line that it printed for purpose filter: what is left out, and the
/// pattern that does it.
std::optional<std::pair<std::string, std::string>> hidden_path(
	std::string_view line);

/// Why it failed, in one line for messages: the exit status in words and the
/// complaint that matters.
std::string describe_rsync(const exit_report &report);

} // namespace imon::mirrord

#endif
