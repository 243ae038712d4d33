// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_JOURNAL_HPP
#define IMON_MIRRORD_JOURNAL_HPP

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <imon/event.hpp>

#include "backlog.hpp"
#include "database.hpp"
#include "epoch.hpp"
#include "report.hpp"
#include "submounts.hpp"

namespace imon::mirrord {

/// Where a replica stands, as it is kept on disk.
struct standing {
	/// It has every event up to this one, but for its tasks.
	std::uint64_t position = 0;
	bool initial = true; ///< the first sync is not done yet
	bool paused = false;
	std::string filters; ///< that it was last compared under
	std::optional<wall_time> last_success;
	std::optional<wall_time> last_verified;
	std::uint64_t drift = 0;

	bool operator==(const standing &) const = default;
};

/// What must not be forgotten when the daemon ends: events that some replica
/// lacks, and where each replica stands. An SQLite database; every call that
/// changes it is one transaction and is on the disk when it returns.
///
/// All calls throw journal_error and change nothing then. One process at a
/// time; another that opens it is refused.
class journal {
public:
	/// Opens it, or makes it. One that is damaged is put aside, and damaged()
	/// says where.
	explicit journal(const std::string &file);

	const std::string &damaged() const { return damaged_; }

	/// What its numbers belong to; nothing in a new one.
	std::optional<epoch> begun();
	/// Forgets all events and begins anew: every replica that it knows is
	/// to be compared first.
	void begin(const epoch &e);

	/// Adds events in the order of their numbers.
	void append(const std::vector<event> &events);
	/// The number of the newest event ever added; 0: none.
	std::uint64_t last();
	/// Hands out the events after a position, in order.
	void replay(std::uint64_t after,
		    const std::function<void(const event &)> &each);
	/// How many events it keeps.
	std::uint64_t size();

	std::optional<standing> replica(const std::string &name);
	/// Of the tasks only path, tree, content, keep and inode are kept.
	tasks todo(const std::string &name);
	void keep(const std::string &name, const standing &where,
		  const tasks &todo);
	/// Forgets replicas that are not among these.
	void keep_only(const std::vector<std::string> &names);
	submount_map submounts();
	void keep_submounts(const submount_map &all);
	/// Forgets events up to a position.
	void prune(std::uint64_t upto);

private:
	using statement = database::statement;
	using transaction = database::transaction;

	void open(const std::string &file);
	bool is_sound(const std::string &file);

	database db_;
	std::string damaged_;
};

} // namespace imon::mirrord

#endif
