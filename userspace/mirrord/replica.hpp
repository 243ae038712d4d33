// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_REPLICA_HPP
#define IMON_MIRRORD_REPLICA_HPP

#include <memory>
#include <optional>
#include <string>

#include "backlog.hpp"
#include "launcher.hpp"
#include "options.hpp"
#include "rsync.hpp"

namespace imon::mirrord {

/// Brings one replica up to date, one rsync at a time.
///
///   idle --start()--> running --rsync ends--> finished --settle()--> idle
///
/// The stop at "finished" is there so that its owner can take in every event
/// that happened while rsync ran, before the batch is forgotten.
class replica {
public:
	/// @param work  what it lacks; must outlive this
	replica(const options &o, destination where, backlog &work,
		launcher &programs, std::uint_fast32_t seed);

	const std::string &name() const { return where_.name; }

	/// Lets rsync report the progress of the initial sync.
	void show_progress(std::function<void()> changed)
	{
		progressed_ = std::move(changed);
	}
	/// What rsync said last about it; empty when there is nothing to say.
	const std::string &progress() const { return progress_; }

	bool running() const { return job_ && !report_; }
	bool finished() const { return report_.has_value(); }
	/// When start() is due; nothing while it runs or has nothing to do.
	std::optional<clock::time_point> due() const;
	/// @param root  descriptor of the source, needed during the call only
	void start(int root, clock::time_point now);
	void settle(clock::time_point now);
	/// It holds something, and the source was empty when this was started:
	/// more likely a mount is missing than that all of it is to go.
	bool would_be_emptied() const
	{
		return empty_source_ && report_ &&
		       report_->status == would_delete;
	}
	/// Asks a running rsync to end.
	void terminate();

	/// One phrase on where it stands.
	std::string status() const;

private:
	void failed(outcome how, clock::time_point now);
	void succeeded(clock::time_point now);

	const options &options_;
	destination where_;
	backlog &work_;
	launcher &launcher_;
	backoff delay_;
	std::function<void()> progressed_;

	std::unique_ptr<job> job_;
	std::optional<exit_report> report_;
	clock::time_point started_{};
	clock::time_point hold_{};  ///< no batch before
	unsigned misses_ = 0;	    ///< batches in a row that did not succeed
	bool empty_source_ = false; ///< rsync was told to delete nothing
	bool initial_ = true;	    ///< the first sync is not done yet
	std::string trouble_;	    ///< why it is held up, as last logged
	std::string progress_;
};

} // namespace imon::mirrord

#endif
