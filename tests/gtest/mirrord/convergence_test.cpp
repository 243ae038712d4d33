// SPDX-License-Identifier: GPL-2.0-or-later
//
// Whatever happens to the source while batches run, fail and end, the replica
// is identical once everything pending is done.
#include <gtest/gtest.h>

#include "file_list.hpp"
#include "model_source.hpp"
#include "planner.hpp"
#include "rsync.hpp"

using namespace imon::mirrord;
using model::node_ptr;

namespace {

/// What rsync does: it lists first, transfers from what is there then, and
/// deletes by the list; the source changes all the time.
class rsync_model {
public:
	rsync_model(model::source &source, const node_ptr &replica)
		: source_(source)
		, replica_(replica)
	{
	}

	int run(const tasks &batch)
	{
		content_ = std::any_of(
			batch.begin(), batch.end(),
			[](const auto &i) { return i.second.content; });
		const bool tree = batch.begin()->second.tree;
		for (const auto &[path, t] : batch)
			enlist(shorten(path), tree);
		for (const auto &[path, n] : files_) {
			for (auto ops = source_.random(3); ops > 0; ops--)
				source_.change();
			if (source_.accident(200))
				return broken;
			transfer(path, n);
		}
		for (const std::string &directory : complete_)
			delete_extraneous(directory);
		return status_;
	}

private:
	static constexpr int broken = 12, partial = 23, vanished = 24;

	std::string shorten(const std::string &path) const
	{
		for (std::size_t slash = path.find('/'); slash != path.npos;
		     slash = path.find('/', slash + 1)) {
			const node_ptr n =
				find(source_.root(), path.substr(0, slash));
			if (!n || !n->directory)
				return path.substr(0, slash);
		}
		return path;
	}

	void enlist(const std::string &path, bool tree)
	{
		for (std::string up = model::above(path); !up.empty();
		     up = model::above(up))
			files_[up] = *find(source_.root(), up);
		const node_ptr n = find(source_.root(), path);
		files_[path] = n ? std::optional(*n) : std::nullopt;
		if (!n || !n->directory || !tree)
			return;
		complete_.push_back(path);
		for (const auto &[name, child] : n->entries)
			enlist(model::join(path, name), true);
	}

	void transfer(const std::string &path,
		      const std::optional<model::node> &listed)
	{
		if (path.empty())
			return;
		const node_ptr parent = find(replica_, model::above(path));
		if (!parent || !parent->directory)
			return;
		if (!listed) {
			parent->entries.erase(model::last(path));
			return;
		}
		node_ptr &there = parent->entries[model::last(path)];
		if (there && there->directory != listed->directory)
			there = nullptr;
		if (there && (listed->directory ||
			      (content_ ? there->content == listed->content
					: there->mtime == listed->mtime))) {
			there->mtime = listed->mtime;
			return;
		}
		read(path, *listed, *parent);
	}

	void read(const std::string &path, const model::node &listed,
		  model::node &parent)
	{
		const node_ptr now = find(source_.root(), path);
		if (!listed.directory && !now)
			return note(vanished, path, parent);
		if (!listed.directory &&
		    (now->directory || source_.accident(30)))
			return note(partial, path, parent);
		node_ptr &there = parent.entries[model::last(path)];
		there = std::make_shared<model::node>();
		there->directory = listed.directory;
		there->mtime = listed.mtime;
		there->content = listed.directory ? 0 : now->content;
	}

	/// What could not be transferred leaves what was there, if anything.
	void note(int status, const std::string &path, model::node &parent)
	{
		if (status_ != partial)
			status_ = status;
		if (!parent.entries[model::last(path)])
			parent.entries.erase(model::last(path));
	}

	void delete_extraneous(const std::string &directory)
	{
		const node_ptr there = find(replica_, directory);
		if (there)
			std::erase_if(there->entries, [&](const auto &entry) {
				return !files_.contains(
					model::join(directory, entry.first));
			});
	}

	model::source &source_;
	node_ptr replica_;
	bool content_ = false;
	int status_ = 0;
	std::map<std::string, std::optional<model::node>> files_;
	std::vector<std::string> complete_;
};

/// The daemon's loop, without time and processes.
class rig {
public:
	rig(std::uint_fast32_t seed, bool honest)
		: source_(seed, honest)
		, planner_(2)
	{
		for (node_ptr &r : replicas_) {
			r = std::make_shared<model::node>();
			r->directory = true;
		}
	}

	void work(int batches)
	{
		for (int i = 0; i < batches; i++) {
			source_.change();
			run_batch(source_.random(2));
		}
	}

	/// The source rests; what is pending gets done.
	bool finish()
	{
		source_.rest();
		for (std::size_t i = 0; i < 100'000; i++) {
			drain();
			if (planner_.of(0).empty() && planner_.of(1).empty())
				return true;
			run_batch(i % 2);
		}
		return false;
	}

	void check() const
	{
		for (const node_ptr &r : replicas_)
			EXPECT_EQ(describe(source_.root()), describe(r));
	}

	std::uint64_t settled() const { return planner_.settled(); }
	std::uint64_t head() const { return head_; }

private:
	void drain()
	{
		while (const auto e = source_.next()) {
			head_ = e->seq;
			planner_.take_in(*e, now_);
		}
		std::multimap<std::uint64_t, std::string> names;
		for (const std::string &path : list(source_.root()))
			if (const node_ptr n = find(source_.root(), path);
			    planner_.linked().contains(n->ino))
				names.emplace(n->ino, path);
		planner_.pend_names(names);
	}

	void run_batch(std::size_t which)
	{
		now_ += std::chrono::minutes(2);
		backlog &work = planner_.of(which);
		const tasks batch = work.take(now_);
		if (batch.empty())
			return;
		EXPECT_LT(settled(), std::max<std::uint64_t>(*work.since(), 1));
		const int status =
			rsync_model(source_, replicas_[which]).run(batch);
		drain();
		work.settle(judge_rsync(status, batch), now_);
	}

	model::source source_;
	planner planner_;
	node_ptr replicas_[2];
	clock::time_point now_{};
	std::uint64_t head_ = 0;
};

class convergence : public testing::TestWithParam<bool> {};

TEST_P(convergence, of_random_changes_under_running_batches)
{
	for (std::uint_fast32_t seed = 1; seed <= 400; seed++) {
		SCOPED_TRACE("seed " + std::to_string(seed));
		rig r(seed, GetParam());
		r.work(60);
		ASSERT_TRUE(r.finish());
		r.check();
		EXPECT_EQ(r.settled(), r.head());
		if (HasFailure())
			break;
	}
}

INSTANTIATE_TEST_SUITE_P(source, convergence, testing::Values(true, false),
			 [](const auto &p) {
				 return p.param ? "honest_times"
						: "lying_times";
			 });

} // namespace
