// SPDX-License-Identifier: GPL-2.0-or-later
#include "replica.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "apply_command.hpp"
#include "file_list.hpp"
#include "op_list.hpp"
#include "survey.hpp"

namespace imon::mirrord {

// When it was not heard of for so long, it may be gone: renames are not risked
// before it has answered.
static constexpr auto contact_good = std::chrono::seconds(60);
static constexpr std::size_t output_max = 1 << 20;
// How often old trash is looked for.
static constexpr auto expire_every = std::chrono::hours(1);
// ssh's, when it could not connect.
static constexpr int no_connection = 255;

replica::replica(const mirror_settings &m, const replica_settings &how,
		 backlog &work, launcher &programs, const standing &where,
		 std::uint_fast32_t seed)
	: mirror_(m)
	, how_(how)
	, work_(work)
	, launcher_(programs)
	, where_(where)
	, delay_(seed)
	, log_(m.name, m.root, how.where.name)
	, guard_(m.guard)
	, exclusions_(how_)
{
	if (how_.apply.empty())
		no_renames_ = "it is switched off";
	else if (apply_command(how_).empty())
		no_renames_ = "an rsync daemon executes none";
	else if (has_filters(how_))
		no_renames_ = "filters may leave out one of the two names, or "
			      "what is below";
}

void replica::execute_renames()
{
	work_.execute_renames(no_renames_.empty());
}

std::optional<clock::time_point> replica::due() const
{
	if (job_)
		return std::nullopt;
	if (step_ != step::idle)
		return clock::time_point{};
	if (where_.paused || held_)
		return std::nullopt;
	if (const auto work = work_.due())
		return std::max(*work, hold_);
	// Looking costs the most and is in no hurry.
	if (verify_)
		return hold_;
	if (how_.trash.count() && !apply_command(how_).empty())
		return std::max(expire_, hold_);
	return std::nullopt;
}

void replica::start(int root, const std::vector<std::string> &mounts,
		    clock::time_point now)
{
	if (step_ == step::idle) {
		mounts_ = mounts;
		begin(root, now);
	} else if (step_ == step::answered) {
		prepare_batch(root);
	}
	if (std::exchange(judge_, false))
		judge_deletions(root, now);
	if (step_ == step::idle)
		return;
	output_.clear();
	const bool hook = step_ == step::before || step_ == step::after;
	job_ = launcher_.start(
		command(), hook ? std::string() : input_,
		[this](std::string_view chunk) { take_output(chunk); },
		[this](const exit_report &report) { report_ = report; });
}

void replica::begin(int root, clock::time_point now)
{
	started_ = now;
	differing_.clear();
	differences_ = 0;
	if (work_.renames() && begin_renames(root, now))
		return;
	if (work_.due()) {
		begin_batch(root, now);
	} else if (verify_) {
		step_ = step::looking;
		input_ = file_list(root, whole_tree());
	} else if (expire_ <= now) {
		step_ = step::expiring;
		expire_ = now + expire_every;
		input_ = expire_list(std::chrono::system_clock::now() -
				     how_.trash);
	}
}

bool replica::begin_renames(int root, clock::time_point now)
{
	if (contact_ == clock::time_point{} || now - contact_ > contact_good) {
		step_ = step::probing;
		input_ = probe_list();
		return true;
	}
	const auto &renames = work_.take_renames();
	moves_ = borne_out(renames, [root](const std::string &path) {
		return object_at(root, path);
	});
	if (moves_.empty()) {
		work_.settle_renames(0);
		return false;
	}
	step_ = step::renaming;
	input_ = op_list(moves_);
	return true;
}

void replica::begin_batch(int root, clock::time_point now)
{
	const tasks &batch = work_.take(now);
	if (batch.empty())
		return;
	links_ = names_outside(root, batch);
	try {
		if (!exclusions_.must_ask(root, batch, links_))
			return prepare_batch(root);
	} catch (const std::filesystem::filesystem_error &e) {
		work_.settle(outcome::failed, now);
		return failed(outcome::failed, e.what(), now);
	}
	step_ = step::asking;
	input_ = exclusions_.question().input();
}

/// Nothing that the filters leave out is in it any more.
void replica::prepare_batch(int root)
{
	const auto hidden = [&](const std::string &path) {
		return exclusions_.hide(root, path);
	};
	work_.leave_out(hidden);
	std::erase_if(links_, hidden);
	step_ = step::idle;
	const tasks &batch = work_.running();
	if (batch.empty())
		return;
	const task &first = batch.begin()->second;
	const bool whole = is_whole();
	empty_source_ = whole && is_empty(root);
	auditing_ = whole && verify_ && first.content;
	deletions_ = 0;
	input_ = file_list(root, batch, links_);
	if (where_.initial && whole && misses_ == 0)
		tell_initial_sync();
	const bool guarded = guard_.enabled() && !first.keep;
	const bool careful = first.tree && (guarded || empty_source_);
	if (!careful && !first.keep)
		deletions_ = count_missing(root, batch);
	send_ = careful && !first.content ? step::trying : step::sending;
	step_ = mirror_.hooks.before.empty() ? send_ : step::before;
	if (careful && first.content)
		step_ = step::counting;
	else
		judge_ = guarded && !careful;
}

bool replica::is_whole() const
{
	const auto all = work_.running().find("");
	return all != work_.running().end() && all->second.tree;
}

void replica::take_output(std::string_view chunk)
{
	if ((step_ == step::sending || step_ == step::trying) && !auditing_ &&
	    progressed_) {
		show(chunk);
		return;
	}
	if (output_.size() + chunk.size() <= output_max)
		output_ += chunk;
	if (step_ == step::probing || step_ == step::renaming ||
	    step_ == step::expiring)
		return;
	std::size_t begin = 0;
	for (std::size_t end;
	     (end = output_.find('\n', begin)) != std::string::npos;
	     begin = end + 1)
		take_line(std::string_view(output_).substr(begin, end - begin));
	output_.erase(0, begin);
}

void replica::take_line(std::string_view line)
{
	if (step_ == step::asking)
		return exclusions_.question().take_line(line);
	const auto path = reported_path(line);
	if (!path)
		return;
	differences_++;
	if (differing_.size() < differing_max)
		differing_.insert(*path);
}

void replica::settle(clock::time_point now)
{
	const exit_report report = *std::exchange(report_, std::nullopt);
	job_.reset();
	progress_.clear();
	last_exit_ = report.status;
	switch (std::exchange(step_, step::idle)) {
	case step::probing:
		return settle_probe(report, now);
	case step::renaming:
		return settle_renames(now);
	case step::asking:
		return settle_question(report, now);
	case step::counting:
		return settle_count(report, now);
	case step::before:
		return settle_before(report, now);
	case step::trying:
		return settle_try(report, now);
	case step::sending:
		return settle_batch(report, now);
	case step::looking:
		return settle_look(report, now);
	case step::expiring:
		return settle_expiry();
	case step::after:
		return settle_after(report);
	case step::idle:
	case step::answered:
		return;
	}
}

void replica::settle_probe(const exit_report &report, clock::time_point now)
{
	if (parse_probe(output_))
		contact_ = now;
	else if (report.status == no_connection)
		failed(outcome::failed, describe_rsync(report), now);
	else
		cannot_rename(report);
}

void replica::settle_renames(clock::time_point now)
{
	const apply_result result = parse_apply(output_, moves_.size());
	contact_ = now;
	tell_renames(result);
	work_.settle_renames(result.done);
}

void replica::settle_count(const exit_report &report, clock::time_point now)
{
	const outcome how = judge_rsync(report.status, work_.running());
	if (how == outcome::failed || how == outcome::again)
		return fail_batch(how, report, now);
	step_ = mirror_.hooks.before.empty() ? step::sending : step::before;
	// What could not be read is not deleted either, and said again.
	counted(std::exchange(differences_, 0));
	differing_.clear();
}

/// What was not to be deleted is all that may be left to do.
void replica::settle_try(const exit_report &report, clock::time_point now)
{
	const auto skipped = skipped_deletions(report);
	if (!skipped)
		return settle_batch(report, now);
	step_ = step::sending;
	counted(*skipped);
}

/// Now it is known what the batch would delete.
void replica::counted(std::uint64_t deletions)
{
	deletions_ = deletions;
	judge_ = guard_.enabled();
	emptied_ = empty_source_ && deletions;
	if (!emptied_)
		return;
	step_ = step::idle;
	work_.put_back();
}

/// Whether the batch may go on.
void replica::judge_deletions(int root, clock::time_point now)
{
	const auto left = [root](std::uint64_t n) {
		return has_names(root, n);
	};
	if (!guard_.allows(deletions_, now, left))
		hold();
}

void replica::settle_before(const exit_report &report, clock::time_point now)
{
	if (report.status == 0) {
		step_ = send_;
		return;
	}
	work_.settle(outcome::failed, now);
	failed(outcome::failed,
	       "the hook 'before' ended with status " +
		       std::to_string(report.status),
	       now);
}

void replica::settle_batch(const exit_report &report, clock::time_point now)
{
	const outcome how = judge_rsync(report.status, work_.running());
	batches_++;
	guard_.note(deletions_, now);
	if (!mirror_.hooks.after.empty())
		step_ = step::after;
	if (how != outcome::done)
		return fail_batch(how, report, now);
	contact_ = now;
	succeeded(now);
	work_.settle(how, now);
}

void replica::settle_look(const exit_report &report, clock::time_point now)
{
	if (judge_rsync(report.status, whole_tree()) == outcome::done)
		verified();
	else
		failed(outcome::failed, describe_rsync(report), now);
}

void replica::terminate()
{
	if (running())
		job_->terminate();
}

void replica::hurry()
{
	hold_ = {};
	misses_ = 0;
	work_.hurry();
}

void replica::verify(std::uint64_t since, clock::time_point now)
{
	verify_ = true;
	if (mirror_.verify.heal)
		work_.add("", {.tree = true,
			       .content = true,
			       .since = since,
			       .born = now});
}

bool replica::approve()
{
	guard_.excuse(held_);
	return std::exchange(held_, 0);
}

bool replica::reject()
{
	if (!std::exchange(held_, 0))
		return false;
	work_.keep_all();
	return true;
}

} // namespace imon::mirrord
