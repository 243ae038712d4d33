// SPDX-License-Identifier: GPL-2.0-or-later
#include "backlog.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace imon::mirrord {

static void merge(task &into, const task &t)
{
	into.tree |= t.tree;
	into.content |= t.content;
	if (t.since < into.since) {
		into.since = t.since;
		into.born = t.born;
	}
}

void backlog::add(const std::string &path, const task &t)
{
	const auto [at, fresh] = pending_.try_emplace(path, t);
	if (!fresh)
		merge(at->second, t);
	if (pending_.size() > pending_max)
		give_up_details();
}

void backlog::give_up_details()
{
	const task &first = pending_.begin()->second;
	task all{.tree = true, .since = first.since, .born = first.born};
	for (const auto &[path, t] : pending_)
		merge(all, t);
	pending_.clear();
	pending_.emplace("", all);
}

std::size_t backlog::failing() const
{
	const auto fails = [](const auto &item) {
		return item.second.failures > 0;
	};
	return static_cast<std::size_t>(
		std::count_if(pending_.begin(), pending_.end(), fails) +
		std::count_if(running_.begin(), running_.end(), fails));
}

std::optional<std::uint64_t> backlog::since() const
{
	std::optional<std::uint64_t> oldest;
	for (const tasks *set : {&pending_, &running_})
		for (const auto &[path, t] : *set)
			oldest = std::min(oldest.value_or(t.since), t.since);
	return oldest;
}

std::optional<clock::time_point> backlog::due() const
{
	std::optional<clock::time_point> first;
	for (const auto &[path, t] : pending_) {
		first = std::min(first.value_or(t.retry), t.retry);
		// Nearly always so for the very first.
		if (*first == clock::time_point{})
			break;
	}
	return first;
}

/// The oldest task that may be tried now; suspects come after all others.
tasks::iterator backlog::leader(clock::time_point now)
{
	auto best = pending_.end();
	const auto rank = [](const task &t) {
		return std::tuple(t.suspect, t.since);
	};
	for (auto at = pending_.begin(); at != pending_.end(); ++at)
		if (at->second.retry <= now &&
		    (best == pending_.end() ||
		     rank(at->second) < rank(best->second)))
			best = at;
	return best;
}

const tasks &backlog::take(clock::time_point now)
{
	const auto first = leader(now);
	if (first == pending_.end())
		return running_;
	const task lead = first->second;
	const std::size_t limit = lead.suspect ? share_ : batch_max;
	const auto fits = [&](const task &t) {
		return t.retry <= now && t.suspect == lead.suspect &&
		       t.tree == lead.tree &&
		       (!t.tree || t.content == lead.content);
	};
	running_.insert(pending_.extract(first));
	for (auto at = pending_.begin();
	     at != pending_.end() && running_.size() < limit;) {
		const auto here = at++;
		if (fits(here->second))
			running_.insert(pending_.extract(here));
	}
	return running_;
}

/// Makes a running path pending again, with what came for it meanwhile.
void backlog::put_back(tasks::node_type node)
{
	const auto result = pending_.insert(std::move(node));
	if (result.inserted)
		return;
	task &waiting = result.position->second;
	const task &tried = result.node.mapped();
	merge(waiting, tried);
	waiting.suspect = tried.suspect;
	waiting.failures = tried.failures;
	waiting.retry = tried.retry;
}

void backlog::settle(outcome how, clock::time_point now)
{
	const std::size_t size = running_.size();
	const bool suspects = size && running_.begin()->second.suspect;
	if (how == outcome::done) {
		running_.clear();
		if (suspects)
			share_ = std::min(share_ * 2, batch_max);
		return;
	}
	if (how == outcome::partial)
		share_ = std::max<std::size_t>(size / 2, 1);
	while (!running_.empty()) {
		auto node = running_.extract(running_.begin());
		task &t = node.mapped();
		if (how == outcome::partial) {
			t.suspect = true;
			if (size == 1)
				t.retry = now + delay_(++t.failures);
		}
		put_back(std::move(node));
	}
}

} // namespace imon::mirrord
