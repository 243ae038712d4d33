// SPDX-License-Identifier: GPL-2.0-or-later
#include "backlog.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "tree_path.hpp"

namespace imon::mirrord {

static void merge(task &into, const task &t)
{
	into.tree |= t.tree;
	into.content |= t.content;
	into.keep &= t.keep;
	if (t.inode)
		into.inode = t.inode;
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
	task all{.tree = true,
		 .keep = first.keep,
		 .since = first.since,
		 .born = first.born};
	for (const auto &[path, t] : pending_)
		merge(all, t);
	all.inode = 0;
	for (const rename &r : std::exchange(renames_, {}))
		merge(all, {.content = true, .since = r.since, .born = r.born});
	pending_.clear();
	pending_.emplace("", all);
}

/// Whether a tree is compared that the path lies in.
bool backlog::covered(const std::string &path) const
{
	const auto tree = [](const tasks &set, const std::string &at) {
		const auto found = set.find(at);
		return found != set.end() && found->second.tree;
	};
	for (std::string at = path;; at = above(at)) {
		if (tree(pending_, at) || tree(running_, at))
			return true;
		if (at.empty())
			return false;
	}
}

const tasks::value_type *backlog::awaits(const std::string &path) const
{
	const auto exact = pending_.find(path);
	if (exact != pending_.end())
		return &*exact;
	for (std::string at = path; !at.empty();) {
		at = above(at);
		const auto found = pending_.find(at);
		if (found != pending_.end() && found->second.tree)
			return &*found;
	}
	return nullptr;
}

/// Whether the replica's objects at both names are known to be the source's,
/// but for paths that are pending. A file that is pending itself need not be
/// on the replica yet, and records of its old name may be about another file.
bool backlog::executable(const rename &r) const
{
	if (!can_rename_ || renames_.size() >= renames_max)
		return false;
	if (within(r.from, r.to) || within(r.to, r.from))
		return false;
	if (!r.directory &&
	    (pending_.contains(r.from) || running_.contains(r.from)))
		return false;
	return !covered(r.from) && !covered(r.to);
}

/// What is pending at and below the old name is so at and below the new one.
/// What runs there may have met either; it is compared again.
void backlog::carry_over(const rename &r)
{
	const auto renamed = [&r](const std::string &path) {
		return r.to + path.substr(r.from.size());
	};
	const std::string below = r.from + '/';
	std::vector<tasks::node_type> carried;
	const auto carry = [&](tasks::iterator from, tasks::iterator to) {
		while (from != to)
			carried.push_back(pending_.extract(from++));
	};
	carry(pending_.lower_bound(r.from), pending_.upper_bound(r.from));
	// '0' follows '/'.
	carry(pending_.lower_bound(below), pending_.lower_bound(r.from + '0'));
	for (tasks::node_type &node : carried)
		add(renamed(node.key()), node.mapped());
	for (const auto &[path, t] : running_)
		if (within(r.from, path))
			add(renamed(path), {.tree = t.tree,
					    .content = true,
					    .keep = t.keep,
					    .inode = t.inode,
					    .since = r.since,
					    .born = r.born});
}

void backlog::compare_both(const rename &r)
{
	const task t{.tree = r.directory,
		     .content = true,
		     .since = r.since,
		     .born = r.born};
	add(r.from, t);
	add(r.to, t);
}

void backlog::add(const rename &r)
{
	if (!executable(r))
		return compare_both(r);
	if (r.directory)
		carry_over(r);
	// Both directories have new times. The object is looked at by itself:
	// a batch that ran may have touched it, under either name.
	task t{.since = r.since, .born = r.born};
	add(above(r.from), t);
	add(above(r.to), t);
	t.content = true;
	add(r.to, t);
	if (!r.directory)
		add(r.from, t);
	// Unless so much is pending now that details were given up.
	if (!covered(r.to))
		renames_.push_back(r);
}

void backlog::execute_renames(bool can)
{
	can_rename_ = can;
	if (!can)
		for (const rename &r : std::exchange(renames_, {}))
			compare_both(r);
}

const std::vector<rename> &backlog::take_renames()
{
	return executing_ = std::exchange(renames_, {});
}

/// A rename that was not executed spoils those that came after it, also what
/// came meanwhile: they are compared instead.
void backlog::settle_renames(std::size_t done)
{
	std::vector<rename> tried = std::exchange(executing_, {});
	if (done >= tried.size())
		return;
	for (std::size_t i = done; i < tried.size(); i++)
		compare_both(tried[i]);
	for (const rename &r : std::exchange(renames_, {}))
		compare_both(r);
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

/// The least of what @p of says of every task and rename.
template <typename Of>
static auto least(std::initializer_list<const tasks *> paths,
		  std::initializer_list<const std::vector<rename> *> renames,
		  Of of)
{
	std::optional<decltype(of(task{}))> found;
	const auto look = [&](const auto &item) {
		found = std::min(found.value_or(of(item)), of(item));
	};
	for (const tasks *set : paths)
		for (const auto &[path, t] : *set)
			look(t);
	for (const auto *list : renames)
		for (const rename &r : *list)
			look(r);
	return found;
}

std::optional<std::uint64_t> backlog::since() const
{
	return least({&pending_, &running_}, {&renames_, &executing_},
		     [](const auto &item) { return item.since; });
}

std::optional<clock::time_point> backlog::born() const
{
	return least({&pending_, &running_}, {&renames_, &executing_},
		     [](const auto &item) { return item.born; });
}

std::optional<clock::time_point> backlog::due() const
{
	if (!renames_.empty())
		return clock::time_point{};
	std::optional<clock::time_point> first;
	for (const auto &[path, t] : pending_) {
		first = std::min(first.value_or(t.retry), t.retry);
		// Nearly always so for the very first.
		if (*first == clock::time_point{})
			break;
	}
	return first;
}

void backlog::hurry()
{
	for (auto &[path, t] : pending_)
		t.retry = {};
}

void backlog::keep_all()
{
	for (auto &[path, t] : pending_)
		t.keep = true;
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
		       t.tree == lead.tree && t.keep == lead.keep &&
		       (!t.tree || t.content == lead.content);
	};
	running_.insert(pending_.extract(first));
	for (auto at = pending_.begin();
	     at != pending_.end() && running_.size() < limit;) {
		const auto here = at++;
		if (fits(here->second))
			running_.insert(pending_.extract(here));
	}
	take_linked();
	return running_;
}

/// Takes the other names of the inodes in a batch of names.
void backlog::take_linked()
{
	std::set<std::uint64_t> inodes;
	for (const auto &[path, t] : running_)
		if (t.inode && !t.tree)
			inodes.insert(t.inode);
	if (inodes.empty())
		return;
	for (auto at = pending_.begin(); at != pending_.end();) {
		const auto here = at++;
		if (!here->second.tree && inodes.contains(here->second.inode))
			running_.insert(pending_.extract(here));
	}
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

void backlog::put_back()
{
	while (!running_.empty())
		put_back(running_.extract(running_.begin()));
}

/// Whether a batch cannot be halved: one path, or the names of one inode.
static bool is_single(const tasks &batch)
{
	const std::uint64_t inode = batch.begin()->second.inode;
	return batch.size() == 1 ||
	       (inode && std::all_of(batch.begin(), batch.end(),
				     [inode](const auto &item) {
					     return item.second.inode == inode;
				     }));
}

void backlog::leave_out(
	const std::function<bool(const std::string &path)> &which)
{
	std::erase_if(running_,
		      [&which](const auto &item) { return which(item.first); });
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
	if (how == outcome::partial) {
		share_ = std::max<std::size_t>(size / 2, 1);
		const bool alone = size && is_single(running_);
		for (auto &[path, t] : running_) {
			t.suspect = true;
			if (alone)
				t.retry = now + delay_(++t.failures);
		}
	}
	put_back();
}

tasks backlog::all() const
{
	tasks set = pending_;
	const auto join = [&set](const std::string &path, const task &t) {
		const auto [at, fresh] = set.try_emplace(path, t);
		if (!fresh)
			merge(at->second, t);
	};
	for (const auto &[path, t] : running_)
		join(path, t);
	for (const auto *list : {&executing_, &renames_})
		for (const rename &r : *list) {
			const task t{.tree = r.directory,
				     .content = true,
				     .since = r.since,
				     .born = r.born};
			join(r.from, t);
			join(r.to, t);
		}
	return set;
}

} // namespace imon::mirrord
