// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_MIRROR_HPP
#define IMON_MIRRORD_MIRROR_HPP

#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "child.hpp"
#include "journal.hpp"
#include "launcher.hpp"
#include "planner.hpp"
#include "poller.hpp"
#include "replica.hpp"
#include "source_tree.hpp"
#include "submounts.hpp"
#include "watcher.hpp"

namespace imon::mirrord {

/// One tree and its replicas: events in, batches out, until it must halt.
///
///   kernel queue --> journal --> planner --> backlogs --> rsync
///
/// An event is acknowledged to the kernel when the journal has it, and forgotten
/// by the journal when every replica has what it stands for.
class mirror {
public:
	/// @param m      must outlive this, as all others must
	/// @param watch  how @p tree is watched already
	mirror(const mirror_settings &m, const source_tree &tree, watched watch,
	       journal &store, poller &loop, launcher &programs);

	const std::string &name() const { return settings_.name; }
	const mirror_settings &settings() const { return settings_; }
	/// Lets the replicas report the progress of long transfers.
	void show_progress(const std::function<void()> &changed);

	/// Does all that is due. Events that happened before the call are taken
	/// in if anything waits for them.
	/// @param stopping  nothing is begun any more
	void turn(bool stopping);
	/// Tells the kernel what the journal holds. After turn(), and after the
	/// service manager was told: who sees that nothing is left unacknowledged
	/// finds the status true.
	void acknowledge();
	std::optional<clock::time_point> deadline() const;
	/// Why it does nothing any more.
	const std::optional<std::string> &halted() const { return halted_; }

	bool busy() const;
	void terminate();
	/// Remembers where every replica stands.
	void save();

	std::string status() const;
	mirror_report report() const;
	std::vector<path_report> why(const std::string &path) const;
	/// Takes in what happened, and says which event was the last.
	std::uint64_t now();
	std::list<replica> &replicas() { return replicas_; }
	const std::list<replica> &replicas() const { return replicas_; }
	/// Compares all of a replica by content.
	void verify(replica &r);
	/// Whether a replica holds all up to an event.
	bool holds(const replica &r, std::uint64_t upto) const;

private:
	void restore(const watched &watch);
	void add_replica(const replica_settings &how, std::uint_fast32_t seed,
			 const standing &where, tasks todo);
	void drain();
	void write();
	void settle();
	void start_batches();
	void start_verifications();
	void find_linked_names(int root);
	void look_at_mounts(int root);
	void save_some(clock::time_point now);
	void catch_up_log(clock::time_point now);
	void save(replica &r);
	void halt(const std::string &why);

	/// What the journal has of a replica.
	struct record {
		standing where;
		tasks todo;
	};

	const mirror_settings &settings_;
	subject_log log_;
	const source_tree &tree_;
	std::unique_ptr<source> events_;
	journal &store_;
	submounts mounts_;
	submount_map kept_mounts_; ///< what the journal has of them
	poller &loop_;
	launcher &launcher_;
	planner planner_;
	std::list<replica> replicas_;
	std::map<std::string, record> kept_;
	std::string reconciled_;       ///< why everything is compared
	std::vector<event> unwritten_; ///< taken in, and not in the journal
	std::string journal_trouble_;
	clock::time_point write_again_{};
	std::uint64_t last_ = 0; ///< newest event taken in
	std::uint64_t written_ = 0, acknowledged_ = 0;
	std::uint64_t taken_in_ = 0, overflows_ = 0;
	clock::time_point saved_{};
	std::optional<clock::time_point> unsaid_; ///< when the log has more
	bool readable_ = true;			  ///< events may wait
	std::optional<std::string> halted_;
	bool mounted_ = true; ///< the table of mounts may be another
	poller::subscription reading_, mounting_;
};

} // namespace imon::mirrord

#endif
