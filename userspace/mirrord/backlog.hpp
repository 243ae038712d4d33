// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_BACKLOG_HPP
#define IMON_MIRRORD_BACKLOG_HPP

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backoff.hpp"
#include "poller.hpp"
#include "rename.hpp"

namespace imon::mirrord {

/// Why a path must be looked at on a replica, and how closely.
struct task {
	/// Everything below it, too; what the source lacks is deleted.
	bool tree = false;
	/// By content: equal size and time prove nothing here.
	bool content = false;
	/// The source lacks it, and the replica may keep it all the same.
	bool keep = false;
	/// The inode whose names this is one of, when there are several: all of
	/// them go in one batch, so that they stay links of each other. Else 0.
	std::uint64_t inode = 0;
	/// The oldest event that this stands for.
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
///
/// A rename is kept aside, to be executed on the replica before the next batch,
/// while what was pending below its old name is pending below the new one. That
/// needs a replica whose objects at both names are known; where they are not, or
/// when it fails, both names are compared as trees instead.
class backlog {
public:
	/// Bound of a batch, so that progress gets acknowledged.
	static constexpr std::size_t batch_max = 10'000;
	/// Bound of what is remembered by name. A replica that is away for long
	/// is compared as a whole instead.
	static constexpr std::size_t pending_max = 200'000;
	/// Bound of the renames that wait.
	static constexpr std::size_t renames_max = 1'000;

	explicit backlog(std::uint_fast32_t seed)
		: delay_(seed)
	{
	}

	void add(const std::string &path, const task &t);
	void add(const rename &r);
	/// Whether renames can be executed; if not, those that wait become tasks.
	void execute_renames(bool can);

	bool empty() const { return size() == 0; }
	/// Paths and renames.
	std::size_t size() const
	{
		return pending_.size() + running_.size() + renames_.size() +
		       executing_.size();
	}
	std::size_t renames() const
	{
		return renames_.size() + executing_.size();
	}
	/// Paths that failed alone and wait for another attempt.
	std::size_t failing() const;
	/// Oldest event that something here stands for.
	std::optional<std::uint64_t> since() const;
	/// When the oldest event that something here stands for was taken in.
	std::optional<clock::time_point> born() const;
	/// When there is something to take; the past for at once.
	std::optional<clock::time_point> due() const;
	/// Nothing waits for another attempt any more.
	void hurry();
	/// What the source lacks of all that is pending may stay.
	void keep_all();

	/// Takes the renames that are to be executed before the next batch.
	const std::vector<rename> &take_renames();
	/// Ends them: the first @p done were executed, nothing is known of the
	/// others.
	void settle_renames(std::size_t done);

	/// Moves what fits together into the running batch, which must be
	/// empty: all trees or none, and trees compared alike.
	const tasks &take(clock::time_point now);
	const tasks &running() const { return running_; }
	const tasks &pending() const { return pending_; }
	/// The pending path that a path will be compared for: itself, or a tree
	/// that it lies in; null when there is none.
	const tasks::value_type *awaits(const std::string &path) const;
	/// Forgets what of the running batch is not to be on the replica.
	void leave_out(
		const std::function<bool(const std::string &path)> &which);
	/// Ends the running batch.
	void settle(outcome how, clock::time_point now);
	/// Ends the running batch as if it had not been taken.
	void put_back();
	/// All that is lacking, as tasks alone: to be kept on disk.
	tasks all() const;

private:
	bool covered(const std::string &path) const;
	bool executable(const rename &r) const;
	void carry_over(const rename &r);
	void compare_both(const rename &r);
	void give_up_details();
	void take_linked();
	tasks::iterator leader(clock::time_point now);
	void put_back(tasks::node_type node);

	tasks pending_;
	tasks running_;
	std::vector<rename> renames_;
	std::vector<rename> executing_;
	bool can_rename_ = false;
	std::size_t share_ = batch_max; ///< most suspects in one batch
	backoff delay_;
};

} // namespace imon::mirrord

#endif
