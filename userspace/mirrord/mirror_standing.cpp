// SPDX-License-Identifier: GPL-2.0-or-later
//
// Where the replicas of a mirror stand: kept on disk, and told.
#include <algorithm>
#include <iterator>

#include "mirror.hpp"
#include "tree_path.hpp"

namespace imon::mirrord {

// Where the replicas stand is saved no more often: to do something again after
// a crash is harmless.
static constexpr auto save_every = std::chrono::seconds(1);
// Events that the journal keeps for replicas that lag; then it keeps their
// paths instead.
static constexpr std::uint64_t events_max = 50'000;
/// A replica's position moves when all that it had left to do at the last one
/// is done. One that lags too far has what it lacks written down instead, so
/// that the events can be forgotten.
void mirror::save(replica &r)
{
	record &kept = kept_.at(r.name());
	const auto since = r.work().since();
	standing where = r.where();
	tasks todo = kept.todo;
	where.position = kept.where.position;
	const bool at_rest = !since || *since > where.position;
	if (at_rest) {
		where.position =
			std::max(where.position, planner_.settled(r.work()));
		todo.clear();
	}
	if (planner_.linked().empty() && written_ == last_ &&
	    last_ - where.position > events_max) {
		where.position = last_;
		todo = r.work().all();
	}
	// Positions beyond what is in the journal would pass over what is not.
	where.position = std::min(where.position, written_);
	if (where == kept.where && at_rest == kept.todo.empty())
		return;
	store_.keep(r.name(), where, todo);
	kept = {where, std::move(todo)};
}

void mirror::save()
{
	try {
		std::uint64_t least = written_;
		for (replica &r : replicas_) {
			save(r);
			least = std::min(least,
					 kept_.at(r.name()).where.position);
		}
		store_.prune(least);
	} catch (const journal_error &e) {
		// The journal says less than is true, which is no harm.
		log_.write(spdlog::level::debug,
			   "cannot save where the replicas stand: {}",
			   e.what());
	}
}

void mirror::save_some(clock::time_point now)
{
	if (now - saved_ < save_every)
		return;
	saved_ = now;
	save();
}

void mirror::catch_up_log(clock::time_point now)
{
	unsaid_ = log_.catch_up(now);
	for (replica &r : replicas_)
		if (const auto more = r.catch_up_log(now))
			unsaid_ = std::min(unsaid_.value_or(*more), *more);
}

/// The verification is younger than all that has happened.
void mirror::verify(replica &r)
{
	r.verify(planner_.head() + 1, clock::now());
}

bool mirror::holds(const replica &r, std::uint64_t upto) const
{
	return planner_.settled(r.work()) >= upto && !r.where().initial;
}

std::uint64_t mirror::now()
{
	if (!halted_)
		drain();
	return planner_.head();
}

std::string mirror::status() const
{
	if (halted_)
		return "halted: " + *halted_;
	std::string text;
	bool all = true;
	for (const replica &r : replicas_) {
		all &= r.status() == "in sync";
		text += (text.empty() ? "" : "; ") + r.name() + ": " +
			r.status();
	}
	return all ? "in sync" : text;
}

mirror_report mirror::report() const
{
	mirror_report m;
	m.name = name();
	m.root = tree_.path();
	m.state = halted_ ? "halted" : "watching";
	m.halted = halted_.value_or("");
	m.back_end = events_->name();
	m.limits = events_->limits();
	std::ranges::move(mounts_.limits(), std::back_inserter(m.limits));
	if (!journal_trouble_.empty())
		m.limits.push_back("the journal cannot be written: " +
				   journal_trouble_);
	m.reconciled = reconciled_;
	m.events = taken_in_;
	m.overflows = overflows_;
	std::uint64_t least = last_;
	for (const auto &[name, kept] : kept_)
		least = std::min(least, kept.where.position);
	m.journal = last_ - least;
	for (const replica &r : replicas_)
		m.replicas.push_back(r.report(clock::now()));
	return m;
}

/// @param path  absolute, or relative to the root
std::vector<path_report> mirror::why(const std::string &path) const
{
	std::string relative = path;
	if (path.starts_with('/')) {
		if (!within(tree_.path(), path))
			return {};
		relative = path.substr(
			std::min(path.size(), tree_.path().size() + 1));
	}
	while (relative.ends_with('/'))
		relative.pop_back();
	std::vector<path_report> all;
	for (const replica &r : replicas_) {
		path_report &p = all.emplace_back();
		p.mirror = name();
		p.path = relative;
		r.explain(p, clock::now());
	}
	return all;
}

} // namespace imon::mirrord
