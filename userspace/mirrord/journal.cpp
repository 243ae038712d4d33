// SPDX-License-Identifier: GPL-2.0-or-later
#include "journal.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <utility>

#include "quote.hpp"

namespace imon::mirrord {

namespace {

/// Raised with every change of the tables; an older journal is begun anew.
constexpr int format = 1;

constexpr const char *tables = R"(
CREATE TABLE IF NOT EXISTS epoch(
	boot TEXT NOT NULL, module TEXT NOT NULL, monitor TEXT NOT NULL,
	root TEXT NOT NULL, last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS event(
	seq INTEGER PRIMARY KEY, mask INTEGER NOT NULL, type INTEGER NOT NULL,
	ino INTEGER NOT NULL, path BLOB, new_path BLOB);
CREATE TABLE IF NOT EXISTS replica(
	name TEXT PRIMARY KEY, position INTEGER NOT NULL,
	initial INTEGER NOT NULL, paused INTEGER NOT NULL,
	filters BLOB NOT NULL, success INTEGER,
	verified INTEGER, drift INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS task(
	replica TEXT NOT NULL, path BLOB NOT NULL, tree INTEGER NOT NULL,
	content INTEGER NOT NULL, keep INTEGER NOT NULL, ino INTEGER NOT NULL,
	PRIMARY KEY(replica, path)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS submount(
	path BLOB PRIMARY KEY, watch INTEGER NOT NULL,
	device INTEGER NOT NULL, inode INTEGER NOT NULL) WITHOUT ROWID;
)";

} // namespace

/// Opens the database for this process alone and looks whether it is whole.
void journal::open(const std::string &file)
{
	db_.open(file);
	db_.run("PRAGMA locking_mode=EXCLUSIVE");
	db_.run("PRAGMA journal_mode=WAL");
	db_.run("PRAGMA synchronous=FULL");
	// Takes the lock, for good.
	transaction first(db_);
	statement version(db_, "PRAGMA user_version");
	version.step();
	if (version.number() != format)
		for (const char *table :
		     {"epoch", "event", "replica", "task", "submount"})
			db_.run(std::string("DROP TABLE IF EXISTS ") + table);
	db_.run(tables);
	db_.run("PRAGMA user_version=" + std::to_string(format));
	first.commit();
}

/// Whether the file is a sound database. What else is wrong is thrown.
bool journal::is_sound(const std::string &file)
{
	try {
		open(file);
		statement check(db_, "PRAGMA quick_check(1)");
		return check.step() && check.bytes() == "ok";
	} catch (const journal_error &) {
		if (db_.is_damaged())
			return false;
		throw;
	}
}

namespace {

/// Files that are made are for their owner alone, also the companions that
/// SQLite makes.
struct private_files {
	mode_t before = umask(077);
	~private_files() { umask(before); }
};

} // namespace

journal::journal(const std::string &file)
{
	const private_files made;
	if (is_sound(file))
		return;
	db_.close();
	damaged_ = file + ".damaged";
	std::filesystem::rename(file, damaged_);
	for (const char *companion : {"-wal", "-shm"})
		std::filesystem::remove(file + companion);
	open(file);
}

std::optional<epoch> journal::begun()
{
	statement s(db_, "SELECT boot, module, monitor, root FROM epoch");
	if (!s.step())
		return std::nullopt;
	epoch e;
	e.boot = s.bytes();
	e.module = s.bytes();
	e.monitor = s.bytes();
	e.root = s.bytes();
	return e;
}

void journal::begin(const epoch &e)
{
	transaction all(db_);
	// What was mounted is not forgotten: it may be missing now.
	db_.run("DELETE FROM epoch; DELETE FROM event; DELETE FROM task;"
		"UPDATE replica SET position = 0, initial = 1;"
		"UPDATE submount SET watch = 0;");
	statement(db_, "INSERT INTO epoch VALUES(?, ?, ?, ?, 0)")
		.put(e.boot)
		.put(e.module)
		.put(e.monitor)
		.put(e.root)
		.step();
	all.commit();
}

void journal::append(const std::vector<event> &events)
{
	if (events.empty())
		return;
	transaction all(db_);
	statement add(db_, "INSERT OR REPLACE INTO event "
			   "VALUES(?, ?, ?, ?, ?, ?)");
	for (const event &e : events)
		add.put(e.seq)
			.put(e.mask)
			.put(e.type)
			.put(e.ino)
			.put(e.path)
			.put(e.new_path)
			.run_again();
	statement(db_, "UPDATE epoch SET last = ?")
		.put(events.back().seq)
		.step();
	all.commit();
}

std::uint64_t journal::last()
{
	statement s(db_, "SELECT last FROM epoch");
	return s.step() ? s.number() : 0;
}

std::uint64_t journal::size()
{
	statement s(db_, "SELECT count(*) FROM event");
	s.step();
	return s.number();
}

void journal::replay(std::uint64_t after,
		     const std::function<void(const event &)> &each)
{
	statement s(db_, "SELECT seq, mask, type, ino, path, new_path "
			 "FROM event WHERE seq > ? ORDER BY seq");
	s.put(after);
	while (s.step()) {
		event e;
		e.seq = s.number();
		e.mask = static_cast<std::uint32_t>(s.number());
		e.type = static_cast<std::uint32_t>(s.number());
		e.ino = s.number();
		e.path = s.optional_bytes();
		e.new_path = s.optional_bytes();
		each(e);
	}
}

std::optional<standing> journal::replica(const std::string &name)
{
	statement s(db_,
		    "SELECT position, initial, paused, filters, "
		    "success, verified, drift FROM replica WHERE name = ?");
	s.put(name);
	if (!s.step())
		return std::nullopt;
	standing where;
	where.position = s.number();
	where.initial = s.number();
	where.paused = s.number();
	where.filters = s.bytes();
	where.last_success = s.time();
	where.last_verified = s.time();
	where.drift = s.number();
	return where;
}

tasks journal::todo(const std::string &name)
{
	statement s(db_, "SELECT path, tree, content, keep, ino FROM task "
			 "WHERE replica = ?");
	s.put(name);
	tasks all;
	while (s.step()) {
		const std::string path = s.bytes();
		task &t = all[path];
		t.tree = s.number();
		t.content = s.number();
		t.keep = s.number();
		t.inode = s.number();
	}
	return all;
}

void journal::keep(const std::string &name, const standing &where,
		   const tasks &todo)
{
	transaction all(db_);
	statement(db_, "INSERT OR REPLACE INTO replica "
		       "VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
		.put(name)
		.put(where.position)
		.put(where.initial)
		.put(where.paused)
		.put(where.filters)
		.put(where.last_success)
		.put(where.last_verified)
		.put(where.drift)
		.step();
	statement(db_, "DELETE FROM task WHERE replica = ?").put(name).step();
	statement add(db_, "INSERT INTO task VALUES(?, ?, ?, ?, ?, ?)");
	for (const auto &[path, t] : todo)
		add.put(name)
			.put(path)
			.put(t.tree)
			.put(t.content)
			.put(t.keep)
			.put(t.inode)
			.run_again();
	all.commit();
}

void journal::keep_only(const std::vector<std::string> &names)
{
	transaction all(db_);
	db_.run("CREATE TEMP TABLE IF NOT EXISTS known(name);"
		"DELETE FROM known;");
	statement add(db_, "INSERT INTO known VALUES(?)");
	for (const std::string &name : names)
		add.put(name).run_again();
	db_.run("DELETE FROM task WHERE replica NOT IN (SELECT name FROM known);"
		"DELETE FROM replica WHERE name NOT IN (SELECT name FROM known);");
	all.commit();
}

submount_map journal::submounts()
{
	statement s(db_, "SELECT path, watch, device, inode FROM submount");
	submount_map all;
	while (s.step()) {
		submount &m = all[s.bytes()];
		m.watch = static_cast<std::uint32_t>(s.number());
		m.device = s.number();
		m.inode = s.number();
	}
	return all;
}

void journal::keep_submounts(const submount_map &all)
{
	transaction whole(db_);
	db_.run("DELETE FROM submount");
	statement add(db_, "INSERT INTO submount VALUES(?, ?, ?, ?)");
	for (const auto &[path, m] : all)
		add.put(path)
			.put(m.watch)
			.put(m.device)
			.put(m.inode)
			.run_again();
	whole.commit();
}

void journal::prune(std::uint64_t upto)
{
	statement(db_, "DELETE FROM event WHERE seq <= ?").put(upto).step();
}

} // namespace imon::mirrord
