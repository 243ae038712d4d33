// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_BACKLOG_HPP
#define IMON_MIRRORD_BACKLOG_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "backoff.hpp"
#include "poller.hpp"

namespace imon::mirrord {

/// Why a path must be looked at on a replica, and how closely.
struct task {
	/// Everything below it, too; what the source lacks is deleted.
	bool tree = false;
	/// By content: equal size and time prove nothing here.
	bool content = false;
	/// The oldest event that this stands for; 0 for the initial sync.
	std::uint64_t since = 0;
	/// When that event was taken in.
	clock::time_point born{};
	/// It was in a batch of which a part failed.
	bool suspect = false;
	/// How often it failed when it was alone in its batch.
	unsigned failures = 0;
	/// Not to be tried again before.
	clock::time_point retry{};
};

/// By path relative to the root; empty is the root itself.
using tasks = std::map<std::string, task>;

/// How a batch ended.
enum class outcome {
	done,	 ///< the replica has it all
	again,	 ///< something changed meanwhile; nothing is wrong
	partial, ///< some path failed, nobody can say which
	failed,	 ///< the replica could not be worked on
};

/// What one replica still lacks.
///
/// A path is pending, running, or both: a change that comes while its batch
/// runs makes it pending again, so that settling the batch forgets only what
/// the batch had seen.
///
/// rsync's exit code 23 says that some path failed and transfers the others,
/// but its messages are no reliable list. So the paths of such a batch become
/// suspects and are tried again in halves until the culprits are alone; those
/// wait with a growing delay and hold up nobody.
class backlog {
public:
	/// Bound of a batch, so that progress gets acknowledged.
	static constexpr std::size_t batch_max = 10'000;
	/// Bound of what is remembered by name. A replica that is away for long
	/// is compared as a whole instead.
	static constexpr std::size_t pending_max = 200'000;

	explicit backlog(std::uint_fast32_t seed)
		: delay_(seed)
	{
	}

	void add(const std::string &path, const task &t);

	bool empty() const { return pending_.empty() && running_.empty(); }
	std::size_t size() const { return pending_.size() + running_.size(); }
	/// Paths that failed alone and wait for another attempt.
	std::size_t failing() const;
	/// Oldest event that something here stands for.
	std::optional<std::uint64_t> since() const;
	/// When there is something to take; the past for at once.
	std::optional<clock::time_point> due() const;

	/// Moves what fits together into the running batch, which must be
	/// empty: all trees or none, and trees compared alike.
	const tasks &take(clock::time_point now);
	const tasks &running() const { return running_; }
	/// Ends the running batch.
	void settle(outcome how, clock::time_point now);

private:
	void give_up_details();
	tasks::iterator leader(clock::time_point now);
	void put_back(tasks::node_type node);

	tasks pending_;
	tasks running_;
	std::size_t share_ = batch_max; ///< most suspects in one batch
	backoff delay_;
};

} // namespace imon::mirrord

#endif
