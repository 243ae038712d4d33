// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_REPLICA_HPP
#define IMON_MIRRORD_REPLICA_HPP

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "backlog.hpp"
#include "deletion_guard.hpp"
#include "exclusions.hpp"
#include "journal.hpp"
#include "launcher.hpp"
#include "report.hpp"
#include "rsync.hpp"
#include "settings.hpp"
#include "subject_log.hpp"

namespace imon::mirrord {

/// Brings one replica up to date, one program at a time.
///
/// A batch is a few steps: renames are executed; rsync is asked for its filters;
/// what would be deleted is counted; a hook is run; rsync sends; a hook is run. Each is
///
///   due --start()--> running --it ends--> finished --settle()--> the next due
///
/// The stop at "finished" is there so that its owner can take in every event
/// that happened while the program ran, before the batch is forgotten.
class replica {
public:
	/// @param work   what it lacks; must outlive this, as @p m must
	/// @param where  where it stood when the daemon ended
	replica(const mirror_settings &m, const replica_settings &how,
		backlog &work, launcher &programs, const standing &where,
		std::uint_fast32_t seed);

	const std::string &name() const { return how_.where.name; }
	const standing &where() const { return where_; }
	backlog &work() { return work_; }
	const backlog &work() const { return work_; }

	/// Renames that come from now on are executed, where that is possible.
	void execute_renames();
	/// Lets rsync report the progress of long transfers.
	void show_progress(std::function<void()> changed)
	{
		progressed_ = std::move(changed);
	}
	/// What rsync said last about it; empty when there is nothing to say.
	const std::string &progress() const { return progress_; }

	bool running() const { return job_ && !report_; }
	bool finished() const { return report_.has_value(); }
	/// When start() is due; nothing while it runs, is held or has nothing to
	/// do.
	std::optional<clock::time_point> due() const;
	/// @param root    descriptor of the source, needed during the call only
	/// @param mounts  see rsync_mode
	void start(int root, const std::vector<std::string> &mounts,
		   clock::time_point now);
	void settle(clock::time_point now);
	/// It holds something, and the source was empty when a batch was begun:
	/// more likely a mount is missing than that all of it is to go.
	bool would_be_emptied() const { return emptied_; }
	/// Asks a running program to end.
	void terminate();

	// As in steering.hpp. @p since: see task.
	void pause(bool yes) { where_.paused = yes; }
	void hurry();
	void verify(std::uint64_t since, clock::time_point now);
	bool approve();
	bool reject();
	/// When the next verification is due by its schedule.
	std::optional<wall_time> verification_due() const;

	/// Logs what was kept back. @return when there is more
	std::optional<clock::time_point> catch_up_log(clock::time_point now)
	{
		return log_.catch_up(now);
	}

	/// One phrase on where it stands.
	std::string status() const;
	replica_report report(clock::time_point now) const;
	/// Adds what is known of a path to the report.
	void explain(path_report &r, clock::time_point now) const;

private:
	/// Bound of the paths that an audit remembers by name.
	static constexpr std::size_t differing_max = 10'000;

	enum class step {
		idle,
		probing,  ///< whether imon-apply can be reached
		renaming, ///< by imon-apply
		asking,	  ///< which directories the filters leave out
		answered, ///< and the batch goes on; no program
		counting, ///< what would be deleted
		before,	  ///< the hook
		trying,	  ///< to send, and delete nothing
		sending,
		looking,  ///< what differs, with no batch
		expiring, ///< old trash
		after,	  ///< the hook
	};

	void begin(int root, clock::time_point now);
	bool begin_renames(int root, clock::time_point now);
	void begin_batch(int root, clock::time_point now);
	void prepare_batch(int root);
	bool is_whole() const;
	static const tasks &whole_tree();
	rsync_mode mode() const;
	std::vector<std::string> command() const;
	std::vector<std::string> hook(const std::vector<std::string> &program,
				      int status) const;
	void take_output(std::string_view chunk);
	void take_line(std::string_view line);
	void show(std::string_view chunk);

	void settle_probe(const exit_report &report, clock::time_point now);
	void settle_renames(clock::time_point now);
	void settle_question(const exit_report &report, clock::time_point now);
	void settle_count(const exit_report &report, clock::time_point now);
	void settle_try(const exit_report &report, clock::time_point now);
	void counted(std::uint64_t deletions);
	void judge_deletions(int root, clock::time_point now);
	void settle_before(const exit_report &report, clock::time_point now);
	void settle_batch(const exit_report &report, clock::time_point now);
	void settle_look(const exit_report &report, clock::time_point now);
	void settle_after(const exit_report &report);
	void settle_expiry();

	void hold();
	void succeeded(clock::time_point now);
	void verified();
	void fail_batch(outcome how, const exit_report &report,
			clock::time_point now);
	void failed(outcome how, const std::string &why, clock::time_point now);
	void cannot_rename(const exit_report &report);
	void tell_renames(const apply_result &result);
	void tell_initial_sync();
	std::string state() const;
	std::string advice() const;

	const mirror_settings &mirror_;
	replica_settings how_;
	backlog &work_;
	launcher &launcher_;
	standing where_;
	backoff delay_;
	subject_log log_;
	deletion_guard guard_;
	exclusions exclusions_;
	std::function<void()> progressed_;

	step step_ = step::idle;
	std::unique_ptr<job> job_;
	std::optional<exit_report> report_;
	std::string input_;
	std::string output_; ///< all of it, or what is no whole line yet
	std::vector<std::string> mounts_;
	std::vector<move> moves_;
	std::set<std::string> links_;	  ///< other names of the batch's files
	std::uint64_t deletions_ = 0;	  ///< of the batch
	std::set<std::string> differing_; ///< paths that an audit found
	std::uint64_t differences_ = 0; ///< and how many, if they are too many
	clock::time_point started_{};
	clock::time_point hold_{};    ///< no batch before
	clock::time_point expire_{};  ///< when old trash is looked for
	clock::time_point contact_{}; ///< when it was last heard of
	unsigned misses_ = 0;	      ///< batches in a row that did not succeed
	step send_ = step::sending;   ///< what follows the hook
	bool judge_ = false;	      ///< whether there are too many deletions
	bool empty_source_ = false, emptied_ = false;
	bool verify_ = false;	 ///< asked for
	bool auditing_ = false;	 ///< the batch is a verification
	std::uint64_t held_ = 0; ///< deletions that wait for approval
	std::optional<int> last_exit_;
	std::string last_message_;
	std::uint64_t batches_ = 0, failures_ = 0;
	std::string no_renames_; ///< why none are executed
	std::string trouble_;	 ///< why it is held up, as last logged
	std::string progress_;
};

} // namespace imon::mirrord

#endif
