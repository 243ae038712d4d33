// SPDX-License-Identifier: GPL-2.0-or-later
//
// Whatever happens to the source while batches run, fail and end, the replica
// is identical once everything pending is done.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "file_list.hpp"
#include "model_source.hpp"
#include "planner.hpp"
#include "rsync.hpp"
#include "tree_path.hpp"

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

/// What imon-apply does: it renames, in order, up to the first that cannot be
/// done.
class apply_model {
public:
	apply_model(model::source &source, const node_ptr &replica)
		: source_(source)
		, replica_(replica)
	{
	}

	/// @return how many are known to have been done
	std::size_t run(const std::vector<imon::mirrord::rename> &renames)
	{
		const auto good =
			borne_out(renames, [this](const std::string &path) {
				return look(path);
			});
		std::size_t done = 0;
		while (done < good.size() && execute(good[done]))
			done++;
		// The connection may break before it could say so.
		return source_.accident(20) ? done / 2 : done;
	}

private:
	std::optional<source_object> look(const std::string &path) const
	{
		const node_ptr n = find(source_.root(), path);
		if (!n)
			return std::nullopt;
		return source_object{.inode = n->ino,
				     .type = static_cast<std::uint32_t>(
					     n->directory ? S_IFDIR : S_IFREG),
				     .mtime_ns = n->mtime};
	}

	bool execute(const move &r)
	{
		const node_ptr from = find(replica_, r.old_path);
		const node_ptr up = find(replica_, above(r.old_path));
		const node_ptr into = find(replica_, above(r.new_path));
		if (source_.accident(50) || !from || !into ||
		    !into->directory || from->directory != S_ISDIR(r.type) ||
		    (!from->directory && from->mtime != r.mtime_ns))
			return false;
		node_ptr &there = into->entries[model::last(r.new_path)];
		if (there && (there->directory != from->directory ||
			      !there->entries.empty()))
			return false;
		there = from;
		up->entries.erase(model::last(r.old_path));
		return true;
	}

	model::source &source_;
	node_ptr replica_;
};

/// The daemon's loop, without time and processes.
class rig {
public:
	rig(std::uint_fast32_t seed, bool honest)
		: source_(seed, honest)
	{
		for (replica &r : replicas_) {
			r.tree = std::make_shared<model::node>();
			r.tree->directory = true;
			r.work = &planner_.add_replica(seed);
			r.work->add("", {.tree = true});
		}
		replicas_[0].work->execute_renames(true);
	}

	void work(int batches)
	{
		for (int i = 0; i < batches; i++) {
			source_.change();
			run_batch(replicas_[source_.random(2)]);
		}
	}

	/// The source rests; what is pending gets done.
	bool finish()
	{
		source_.rest();
		for (std::size_t i = 0; i < 100'000; i++) {
			drain();
			if (replicas_[0].work->empty() &&
			    replicas_[1].work->empty())
				return true;
			run_batch(replicas_[i % 2]);
		}
		return false;
	}

	void check() const
	{
		for (const replica &r : replicas_)
			EXPECT_EQ(describe(source_.root()), describe(r.tree));
	}

	std::uint64_t settled() const
	{
		return std::min(planner_.settled(*replicas_[0].work),
				planner_.settled(*replicas_[1].work));
	}
	std::uint64_t head() const { return planner_.head(); }
	std::size_t renamed() const { return renamed_; }

private:
	struct replica {
		node_ptr tree;
		backlog *work = nullptr;
	};

	void drain()
	{
		while (const auto e = source_.next())
			planner_.take_in(*e, now_);
		std::multimap<std::uint64_t, std::string> names;
		for (const std::string &path : list(source_.root()))
			if (const node_ptr n = find(source_.root(), path);
			    planner_.linked().contains(n->ino))
				names.emplace(n->ino, path);
		planner_.pend_names(names);
	}

	void run_renames(replica &r)
	{
		while (r.work->renames()) {
			const std::vector<imon::mirrord::rename> renames =
				r.work->take_renames();
			const std::size_t done =
				apply_model(source_, r.tree).run(renames);
			renamed_ += done;
			if (source_.accident(4))
				source_.change();
			if (source_.accident(4))
				drain();
			r.work->settle_renames(done);
		}
	}

	void run_batch(replica &r)
	{
		now_ += std::chrono::minutes(2);
		run_renames(r);
		const tasks batch = r.work->take(now_);
		if (batch.empty())
			return;
		EXPECT_LT(settled(),
			  std::max<std::uint64_t>(*r.work->since(), 1));
		const int status = rsync_model(source_, r.tree).run(batch);
		drain();
		r.work->settle(judge_rsync(status, batch), now_);
	}

	model::source source_;
	planner planner_;
	replica replicas_[2];
	clock::time_point now_{};
	std::size_t renamed_ = 0;
};

class convergence : public testing::TestWithParam<bool> {};

TEST_P(convergence, of_random_changes_under_running_batches)
{
	std::size_t renamed = 0;
	for (std::uint_fast32_t seed = 1; seed <= 1000; seed++) {
		SCOPED_TRACE("seed " + std::to_string(seed));
		rig r(seed, GetParam());
		r.work(60);
		ASSERT_TRUE(r.finish());
		r.check();
		EXPECT_EQ(r.settled(), r.head());
		renamed += r.renamed();
		if (HasFailure())
			break;
	}
	EXPECT_GT(renamed, 0u);
}

INSTANTIATE_TEST_SUITE_P(source, convergence, testing::Values(true, false),
			 [](const auto &p) {
				 return p.param ? "honest_times"
						: "lying_times";
			 });

} // namespace
