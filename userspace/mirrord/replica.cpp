// SPDX-License-Identifier: GPL-2.0-or-later
#include "replica.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "file_list.hpp"
#include "quote.hpp"

namespace imon::mirrord {

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

replica::replica(const options &o, destination where, backlog &work,
		 launcher &programs, std::uint_fast32_t seed)
	: options_(o)
	, where_(std::move(where))
	, work_(work)
	, launcher_(programs)
	, delay_(seed)
{
}

std::optional<clock::time_point> replica::due() const
{
	if (job_)
		return std::nullopt;
	const auto work = work_.due();
	return work ? std::optional(std::max(*work, hold_)) : std::nullopt;
}

void replica::start(int root, clock::time_point now)
{
	const tasks &batch = work_.take(now);
	const bool whole = initial_ && batch.contains("");
	auto argv =
		rsync_command(options_, where_, batch, whole && progressed_);
	empty_source_ = whole && is_empty(root);
	if (empty_source_)
		argv.insert(argv.begin() + 1, delete_nothing);
	started_ = now;
	if (whole && misses_ == 0)
		spdlog::info("{}: initial sync", name());
	const auto show = [this](std::string_view chunk) {
		if (!progressed_)
			return;
		progress_ = last_line(chunk);
		progressed_();
	};
	job_ = launcher_.start(
		argv, file_list(root, batch), show,
		[this](const exit_report &report) { report_ = report; });
}

void replica::settle(clock::time_point now)
{
	const outcome how = judge_rsync(report_->status, work_.running());
	if (how == outcome::done)
		succeeded(now);
	else
		failed(how, now);
	work_.settle(how, now);
	progress_.clear();
	report_.reset();
	job_.reset();
}

void replica::succeeded(clock::time_point now)
{
	const tasks &batch = work_.running();
	const double took = seconds(now - started_);
	const auto initial = [](const auto &item) {
		return item.second.since == 0;
	};
	if (initial_ && std::any_of(batch.begin(), batch.end(), initial)) {
		initial_ = false;
		spdlog::info("{}: initial sync done in {:.2f} s", name(), took);
	} else {
		auto oldest = now;
		for (const auto &[path, t] : batch)
			oldest = std::min(oldest, t.born);
		spdlog::debug("{}: {} path(s) in {:.2f} s, {:.2f} s behind",
			      name(), batch.size(), took,
			      seconds(now - oldest));
	}
	for (const auto &[path, t] : batch)
		if (t.failures)
			spdlog::info("{}: {} is up to date at last", name(),
				     shown(path));
	if (!trouble_.empty())
		spdlog::info("{}: works again", name());
	trouble_.clear();
	misses_ = 0;
}

void replica::failed(outcome how, clock::time_point now)
{
	const tasks &batch = work_.running();
	const std::string why = describe_rsync(*report_);
	misses_++;
	spdlog::debug("{}: batch of {} path(s): {}", name(), batch.size(), why);
	if (how == outcome::partial && batch.size() == 1) {
		const auto &[path, t] = *batch.begin();
		if (!t.failures)
			spdlog::warn(
				"{}: cannot update {}: {}; it stays pending",
				name(), shown(path), why);
	}
	if (how != outcome::failed && misses_ <= misses_free)
		return;
	hold_ = now + delay_(how == outcome::failed ? misses_
						    : misses_ - misses_free);
	if (std::exchange(trouble_, why) != why)
		spdlog::warn("{}: {}; trying again, at least once a minute",
			     name(), why);
}

void replica::terminate()
{
	if (running())
		job_->terminate();
}

std::string replica::status() const
{
	if (!trouble_.empty())
		return trouble_;
	if (initial_)
		return "initial sync";
	if (work_.empty())
		return "in sync";
	std::string text = std::to_string(work_.size()) + " path(s) pending";
	if (const std::size_t failing = work_.failing())
		text += ", " + std::to_string(failing) + " failing";
	return text;
}

} // namespace imon::mirrord
