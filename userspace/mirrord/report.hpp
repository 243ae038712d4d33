// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_REPORT_HPP
#define IMON_MIRRORD_REPORT_HPP

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace imon::mirrord {

/// A moment to show to people and to keep on disk.
using wall_time = std::chrono::system_clock::time_point;

/// What is known of one replica.
struct replica_report {
	std::string name{};
	/// One of: "in sync", "syncing", "pending", "initial sync",
	/// "unreachable", "paused", "held", "verifying".
	std::string state{};
	/// A sentence with the next command when it is not well, else empty.
	std::string advice{};
	std::uint64_t pending = 0; ///< paths, those that run included
	std::uint64_t failing = 0; ///< paths that failed alone
	std::uint64_t moves = 0;   ///< renames that wait to be executed
	/// Age of the oldest change that it lacks; 0: none.
	double lag_seconds = 0;
	std::optional<wall_time> last_success{};
	std::optional<wall_time> last_verified{};
	std::uint64_t drift = 0; ///< paths that the last verification found
	std::optional<int> last_exit{};
	std::string last_message{};
	std::optional<double> retry_seconds{}; ///< until the next attempt
	/// Whether renames are executed; else why not.
	bool renames = false;
	std::string renames_why{};
	/// What rsync said last of a long transfer.
	std::string progress{};
	std::uint64_t batches = 0, failures = 0; ///< since the start
	std::uint64_t held_deletions = 0;
};

/// What is known of one tree.
struct mirror_report {
	std::string name{};
	std::string root{};
	/// "watching" or "halted".
	std::string state{};
	std::string halted{}; ///< why
	std::string back_end{};
	/// What the back end cannot do, one sentence each.
	std::vector<std::string> limits{};
	/// Why everything was compared at the start; empty: it was not.
	std::string reconciled{};
	std::uint64_t events = 0;    ///< taken in since the start
	std::uint64_t overflows = 0; ///< of them, "scan this place"
	std::uint64_t journal = 0;   ///< events that some replica lacks
	std::vector<replica_report> replicas{};
};

/// Why a path is, or is not, on a replica.
struct path_report {
	std::string mirror{};
	std::string path{}; ///< relative to the root
	std::string replica{};
	/// "up to date", "pending", "running" or "failing"; or "filtered", which
	/// imon-mirror finds out by asking rsync.
	std::string state{};
	std::string filter{};  ///< the pattern that leaves it out
	std::string because{}; ///< the pending path that covers it
	std::string events{};  ///< what happened to it, in words
	unsigned failures = 0;
	std::optional<double> retry_seconds{};
	std::optional<int> last_exit{};
	std::string last_message{};
};

} // namespace imon::mirrord

#endif
