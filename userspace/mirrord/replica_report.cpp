// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a replica says of itself.
#include <algorithm>

#include "quote.hpp"
#include "replica.hpp"
#include "tree_path.hpp"

namespace imon::mirrord {

static double seconds(clock::duration d)
{
	return std::max(0.0, std::chrono::duration<double>(d).count());
}

std::string replica::state() const
{
	if (held_)
		return "held";
	if (where_.paused)
		return "paused";
	if (!trouble_.empty())
		return "unreachable";
	if (where_.initial)
		return "initial sync";
	if (auditing_ && job_)
		return "verifying";
	if (step_ == step::looking)
		return "verifying";
	if (work_.empty())
		return "in sync";
	return job_ ? "syncing" : "pending";
}

std::string replica::status() const
{
	if (held_)
		return std::to_string(held_) + " deletions held";
	if (where_.paused)
		return "paused";
	if (!trouble_.empty())
		return trouble_;
	if (where_.initial)
		return "initial sync";
	if (work_.empty())
		return "in sync";
	std::string text = std::to_string(work_.size()) + " path(s) pending";
	if (const std::size_t failing = work_.failing())
		text += ", " + std::to_string(failing) + " failing";
	return text;
}

std::string replica::advice() const
{
	const std::string which = " --replica " + quote(name());
	if (held_)
		return std::to_string(held_) +
		       " deletions are held; let them happen with 'imon-mirror "
		       "approve" +
		       which + "', or keep the files with 'imon-mirror reject" +
		       which + "'";
	if (where_.paused)
		return "go on with 'imon-mirror resume" + which + "'";
	if (!trouble_.empty())
		return trouble_ +
		       "; when it is mended, 'imon-mirror flush' tries again at once";
	if (work_.failing())
		return std::to_string(work_.failing()) +
		       " path(s) cannot be updated: " + last_message_ +
		       "; ask for one with 'imon-mirror why PATH'";
	if (where_.drift && !mirror_.verify.heal)
		return std::to_string(where_.drift) +
		       " path(s) have drifted; mend them with heal = true and "
		       "'imon-mirror verify" +
		       which + "'";
	return {};
}

replica_report replica::report(clock::time_point now) const
{
	replica_report r;
	r.name = name();
	r.state = state();
	r.advice = advice();
	r.pending = work_.size() - work_.renames();
	r.failing = work_.failing();
	r.moves = work_.renames();
	if (const auto born = work_.born();
	    born && *born != clock::time_point{})
		r.lag_seconds = seconds(now - *born);
	r.last_success = where_.last_success;
	r.last_verified = where_.last_verified;
	r.drift = where_.drift;
	r.last_exit = last_exit_;
	r.last_message = last_message_;
	if (const auto next = due(); next && *next > now)
		r.retry_seconds = seconds(*next - now);
	r.renames = no_renames_.empty();
	r.renames_why = no_renames_;
	r.progress = progress_;
	r.batches = batches_;
	r.failures = failures_;
	r.held_deletions = held_;
	return r;
}

void replica::explain(path_report &r, clock::time_point now) const
{
	r.replica = name();
	r.state = "up to date";
	r.last_exit = last_exit_;
	r.last_message = last_message_;
	const auto name_task = [&r](const std::string &path, const task &t) {
		r.because = path;
		r.failures = t.failures;
		r.events = t.tree      ? "the tree there is to be compared"
			   : t.content ? "its contents may have changed"
				       : "its attributes may have changed";
	};
	if (const auto *waits = work_.awaits(r.path)) {
		r.state = waits->second.failures ? "failing" : "pending";
		name_task(waits->first, waits->second);
		const auto next = std::max(waits->second.retry, hold_);
		if (next > now)
			r.retry_seconds = seconds(next - now);
		return;
	}
	for (const auto &[path, t] : work_.running())
		if (path == r.path || (t.tree && within(path, r.path))) {
			r.state = "running";
			name_task(path, t);
			return;
		}
}

} // namespace imon::mirrord
