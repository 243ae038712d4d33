// SPDX-License-Identifier: GPL-2.0-or-later
//
// How a replica's batches ended, told and remembered.
#include <algorithm>
#include <utility>

#include "quote.hpp"
#include "replica.hpp"

namespace imon::mirrord {

using level = spdlog::level::level_enum;

// Enough to find one culprit in the largest batch by halving it. When more
// batches than that fail in a row, the trouble is not about single paths.
static constexpr unsigned misses_free = 16;

static double seconds(clock::duration d)
{
	return std::chrono::duration<double>(d).count();
}

static std::string shown(const std::string &path)
{
	return path.empty() ? "the whole tree" : quote(path);
}

/// The last report in a chunk of rsync's --info=progress2.
static std::string last_line(std::string_view chunk)
{
	const std::size_t end = chunk.find_last_not_of("\r\n ");
	if (end == std::string_view::npos)
		return {};
	const std::size_t begin = chunk.find_last_of("\r\n", end);
	chunk = chunk.substr(begin + 1, end - begin);
	const std::size_t text = chunk.find_first_not_of(' ');
	return text == std::string_view::npos ? std::string()
					      : quote(chunk.substr(text));
}

void replica::show(std::string_view chunk)
{
	progress_ = last_line(chunk);
	progressed_();
}

void replica::tell_initial_sync()
{
	log_.write(level::info, "initial sync");
}

void replica::cannot_rename(const exit_report &report)
{
	no_renames_ = "imon-apply did not answer: " + describe_rsync(report);
	if (report.status == 127)
		no_renames_ = "imon-apply is missing there; install it and run "
			      "'imon-mirror reload'";
	work_.execute_renames(false);
	log_.write(level::info, "what is renamed is sent again: {}",
		   no_renames_);
}

void replica::tell_renames(const apply_result &result)
{
	log_.write(level::debug, "{} of {} rename(s) executed{}{}", result.done,
		   moves_.size(), result.why.empty() ? "" : ": ",
		   quote(result.why));
}

void replica::succeeded(clock::time_point now)
{
	const tasks &batch = work_.running();
	const double took = seconds(now - started_);
	where_.last_success = std::chrono::system_clock::now();
	if (where_.initial && is_whole()) {
		where_.initial = false;
		log_.write(level::info, "initial sync done in {:.2f} s", took);
	} else {
		auto oldest = now;
		for (const auto &[path, t] : batch)
			oldest = std::min(oldest, t.born);
		log_.write(level::debug,
			   "{} path(s) in {:.2f} s, {:.2f} s behind",
			   batch.size(), took, seconds(now - oldest));
	}
	if (auditing_)
		verified();
	for (const auto &[path, t] : batch)
		if (t.failures)
			log_.write(level::info, "{} is up to date at last",
				   shown(path));
	if (!trouble_.empty())
		log_.write(level::info, about::up, "works again");
	trouble_.clear();
	last_message_.clear();
	misses_ = 0;
}

void replica::fail_batch(outcome how, const exit_report &report,
			 clock::time_point now)
{
	const tasks &batch = work_.running();
	const std::string why = describe_rsync(report);
	log_.write(level::debug, "batch of {} path(s): {}", batch.size(), why);
	if (how == outcome::partial && batch.size() == 1) {
		const auto &[path, t] = *batch.begin();
		if (!t.failures)
			log_.write(level::warn,
				   "cannot update {}: {}; it stays pending",
				   shown(path), why);
	}
	work_.settle(how, now);
	failed(how, why, now);
}

void replica::failed(outcome how, const std::string &why, clock::time_point now)
{
	misses_++;
	failures_++;
	last_message_ = why;
	if (how != outcome::failed && misses_ <= misses_free)
		return;
	hold_ = now + delay_(how == outcome::failed ? misses_
						    : misses_ - misses_free);
	if (std::exchange(trouble_, why) != why)
		log_.write(level::warn, about::down,
			   "{}; trying again, at least once a minute", why);
}

void replica::settle_question(const exit_report &report, clock::time_point now)
{
	const bool answered = exclusions_.learn();
	if (report.status == 0 && answered) {
		step_ = step::answered;
		return;
	}
	work_.settle(outcome::failed, now);
	failed(outcome::failed,
	       "rsync did not say what its filters leave out: " +
		       (report.status == 0 ? "it may be told to be quiet"
					   : describe_rsync(report)),
	       now);
}

void replica::settle_after(const exit_report &report)
{
	if (report.status != 0)
		log_.write(level::warn,
			   "the hook 'after' ended with status {}: {}",
			   report.status, quote(report.message));
}

void replica::settle_expiry()
{
	const apply_result result = parse_apply(output_, 1);
	if (result.end != apply_result::ending::done)
		log_.write(level::warn, "cannot remove old trash: {}",
			   quote(result.why));
}

/// The batch waits for a decision.
void replica::hold()
{
	step_ = step::idle;
	work_.put_back();
	held_ = std::max<std::uint64_t>(deletions_, 1);
	log_.write(level::err, about::held,
		   "{} deletions are held, nothing is sent; look at the "
		   "source, then 'imon-mirror approve --replica {}' or "
		   "'imon-mirror reject --replica {}'",
		   held_, quote(name()), quote(name()));
}

/// What differed without an event that would explain it has drifted.
void replica::verified()
{
	verify_ = false;
	std::erase_if(differing_, [this](const std::string &path) {
		return work_.awaits(path);
	});
	where_.drift =
		differences_ > differing_max ? differences_ : differing_.size();
	where_.last_verified = std::chrono::system_clock::now();
	if (!where_.drift) {
		log_.write(level::info, "verified, identical");
		return;
	}
	log_.write(
		level::warn, about::drift,
		"verified: {} path(s) had drifted, the first {}; {}",
		where_.drift,
		differing_.empty() ? "" : shown(*differing_.begin()),
		mirror_.verify.heal
			? "they were mended"
			: "mend them with heal = true and another verification");
}

std::optional<wall_time> replica::verification_due() const
{
	if (!mirror_.verify.every.count() || verify_ || where_.initial)
		return std::nullopt;
	return where_.last_verified.value_or(wall_time{}) +
	       mirror_.verify.every;
}

} // namespace imon::mirrord
