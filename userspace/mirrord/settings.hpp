// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_SETTINGS_HPP
#define IMON_MIRRORD_SETTINGS_HPP

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "destination.hpp"

namespace imon::mirrord {

/// When deletions are held for an approval: more than @c deletions of them
/// within the window, or more than @c percent of what the tree held. Zero: not
/// for that reason. Fewer than a hundred are never held for their percentage.
struct guard_settings {
	std::uint64_t deletions = 10'000;
	unsigned percent = 50;
	std::chrono::seconds window{60};

	bool operator==(const guard_settings &) const = default;
};

/// When all of a replica is compared by content.
struct verify_settings {
	std::chrono::seconds every{0}; ///< 0: only when asked
	bool heal = true;	       ///< else drift is only reported

	bool operator==(const verify_settings &) const = default;
};

/// Programs run once per batch and replica, as argument vectors; empty: none.
/// IMON_MIRROR, IMON_REPLICA and, after, IMON_STATUS (rsync's exit status) are
/// in their environment. A batch waits while @c before fails.
struct hook_settings {
	std::vector<std::string> before;
	std::vector<std::string> after;

	bool operator==(const hook_settings &) const = default;
};

/// A replica and how it is worked on.
struct replica_settings {
	destination where;
	std::string rsync = "rsync";
	/// The remote shell as rsync's -e takes it: one argument, which rsync
	/// splits into words itself.
	std::string rsh =
		"ssh -oBatchMode=yes -oConnectTimeout=30 -oServerAliveInterval=15";
	std::vector<std::string> rsync_options;
	std::vector<std::string> filters; ///< rules of rsync, in order
	std::uint64_t bandwidth = 0;	  ///< KiB a second; 0: no limit
	/// How long what a batch deletes or replaces is kept on the replica;
	/// 0: not at all.
	std::chrono::seconds trash{0};
	/// What executes renames there; empty: nothing does.
	std::string apply = "imon-apply";
	/// A folder for what is there for a moment; empty: the system's.
	std::string scratch{};

	bool operator==(const replica_settings &) const = default;
};

enum class back_end { any, imon, fanotify };

/// A tree and its replicas.
struct mirror_settings {
	std::string name; ///< of its journal and its monitor
	std::string root; ///< absolute
	std::vector<replica_settings> replicas;
	std::chrono::milliseconds window{5};
	back_end events = back_end::any;
	bool initial_sync = true; ///< else a new replica counts as identical
	bool create_root = false; ///< make what is missing of a replica's path
	bool submounts = false;	  ///< follow what is mounted inside
	guard_settings guard;
	verify_settings verify;
	hook_settings hooks;

	bool operator==(const mirror_settings &) const = default;
};

/// All that the user asked for.
struct settings {
	std::string instance; ///< names the control socket
	std::vector<mirror_settings> mirrors;
	std::string state_directory;		  ///< journals
	std::string control_socket;		  ///< for imon-mirror
	std::optional<std::string> metrics;	  ///< address:port
	std::optional<std::string> configuration; ///< the file, to reload it
	bool dry_run = false; ///< say what would be sent, send nothing, end
	bool verbose = false;
};

} // namespace imon::mirrord

#endif
