// SPDX-License-Identifier: GPL-2.0-or-later
#include "journal.hpp"

#include <sqlite3.h>
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
	entries INTEGER NOT NULL, filters BLOB NOT NULL, success INTEGER,
	verified INTEGER, drift INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS task(
	replica TEXT NOT NULL, path BLOB NOT NULL, tree INTEGER NOT NULL,
	content INTEGER NOT NULL, keep INTEGER NOT NULL, ino INTEGER NOT NULL,
	PRIMARY KEY(replica, path)) WITHOUT ROWID;
)";

[[noreturn]] void fail(sqlite3 *db)
{
	const int code = db ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
	const std::string said = db ? sqlite3_errmsg(db) : "out of memory";
	if ((code & 0xff) == SQLITE_FULL)
		throw journal_error("the disk is full");
	if ((code & 0xff) == SQLITE_BUSY)
		throw journal_error("another imon-mirrord has it open");
	throw journal_error(said);
}

void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
		fail(db);
}

std::int64_t microseconds(wall_time t)
{
	return std::chrono::duration_cast<std::chrono::microseconds>(
		       t.time_since_epoch())
		.count();
}

} // namespace

/// One SQL command with its values.
class journal::statement {
public:
	statement(sqlite3 *db, const char *sql)
		: db_(db)
	{
		if (sqlite3_prepare_v2(db, sql, -1, &s_, nullptr) != SQLITE_OK)
			fail(db);
	}
	~statement() { sqlite3_finalize(s_); }
	statement(const statement &) = delete;
	statement &operator=(const statement &) = delete;

	template <std::integral T>
	statement &put(T value)
	{
		return check(sqlite3_bind_int64(
			s_, ++at_, static_cast<sqlite3_int64>(value)));
	}
	/// Must live until the command has run.
	statement &put(const std::string &bytes)
	{
		return check(sqlite3_bind_blob64(s_, ++at_, bytes.data(),
						 bytes.size(), SQLITE_STATIC));
	}
	template <typename T>
	statement &put(const std::optional<T> &value)
	{
		return value ? put(*value)
			     : check(sqlite3_bind_null(s_, ++at_));
	}
	statement &put(const std::optional<wall_time> &value)
	{
		return value ? put(microseconds(*value))
			     : check(sqlite3_bind_null(s_, ++at_));
	}

	/// @return whether there is a row
	bool step()
	{
		switch (sqlite3_step(s_)) {
		case SQLITE_ROW:
			column_ = 0;
			return true;
		case SQLITE_DONE:
			return false;
		default:
			fail(db_);
		}
	}
	void run_again()
	{
		step();
		sqlite3_reset(s_);
		at_ = 0;
	}

	std::uint64_t number()
	{
		return static_cast<std::uint64_t>(
			sqlite3_column_int64(s_, column_++));
	}
	std::string bytes()
	{
		const void *data = sqlite3_column_blob(s_, column_);
		const int size = sqlite3_column_bytes(s_, column_++);
		return data ? std::string(static_cast<const char *>(data),
					  static_cast<std::size_t>(size))
			    : std::string();
	}
	std::optional<std::string> optional_bytes()
	{
		if (sqlite3_column_type(s_, column_) == SQLITE_NULL) {
			column_++;
			return std::nullopt;
		}
		return bytes();
	}
	std::optional<wall_time> time()
	{
		if (sqlite3_column_type(s_, column_) == SQLITE_NULL) {
			column_++;
			return std::nullopt;
		}
		return wall_time(std::chrono::microseconds(
			static_cast<std::int64_t>(number())));
	}

private:
	statement &check(int result)
	{
		if (result != SQLITE_OK)
			fail(db_);
		return *this;
	}

	sqlite3 *db_;
	sqlite3_stmt *s_ = nullptr;
	int at_ = 0, column_ = 0;
};

/// Undone unless it is committed.
class journal::transaction {
public:
	explicit transaction(sqlite3 *db)
		: db_(db)
	{
		run(db, "BEGIN IMMEDIATE");
	}
	~transaction()
	{
		if (!committed_)
			sqlite3_exec(db_, "ROLLBACK", nullptr, nullptr,
				     nullptr);
	}
	void commit()
	{
		run(db_, "COMMIT");
		committed_ = true;
	}

private:
	sqlite3 *db_;
	bool committed_ = false;
};

void journal::close_database::operator()(sqlite3 *db) const
{
	sqlite3_close(db);
}

journal::~journal() = default;

/// Opens the database for this process alone and looks whether it is whole.
void journal::open(const std::string &file)
{
	sqlite3 *db = nullptr;
	const int result = sqlite3_open(file.c_str(), &db);
	db_.reset(db);
	if (result != SQLITE_OK)
		fail(db);
	run(db, "PRAGMA locking_mode=EXCLUSIVE");
	run(db, "PRAGMA journal_mode=WAL");
	run(db, "PRAGMA synchronous=FULL");
	// Takes the lock, for good.
	transaction first(db);
	statement version(db, "PRAGMA user_version");
	version.step();
	if (version.number() != format)
		run(db, "DROP TABLE IF EXISTS epoch;"
			"DROP TABLE IF EXISTS event;"
			"DROP TABLE IF EXISTS replica;"
			"DROP TABLE IF EXISTS task;");
	run(db, tables);
	run(db, ("PRAGMA user_version=" + std::to_string(format)).c_str());
	first.commit();
	statement whole(db, "PRAGMA quick_check(1)");
	if (!whole.step() || whole.bytes() != "ok")
		throw journal_error("it is damaged");
}

void journal::put_aside(const std::string &file)
{
	namespace fs = std::filesystem;
	db_.reset();
	damaged_ = file + ".damaged";
	fs::rename(file, damaged_);
	for (const char *companion : {"-wal", "-shm"})
		fs::remove(file + companion);
}

journal::journal(const std::string &file)
{
	const mode_t others = umask(077);
	try {
		open(file);
	} catch (const journal_error &) {
		umask(others);
		const int code =
			db_ ? sqlite3_errcode(db_.get()) : SQLITE_ERROR;
		if (code != SQLITE_CORRUPT && code != SQLITE_NOTADB &&
		    code != SQLITE_OK)
			throw;
		put_aside(file);
		open(file);
	}
	umask(others);
}

std::optional<epoch> journal::begun()
{
	statement s(db_.get(), "SELECT boot, module, monitor, root FROM epoch");
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
	transaction all(db_.get());
	run(db_.get(), "DELETE FROM epoch; DELETE FROM event;"
		       "DELETE FROM task; DELETE FROM replica;");
	statement(db_.get(), "INSERT INTO epoch VALUES(?, ?, ?, ?, 0)")
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
	transaction all(db_.get());
	statement add(db_.get(), "INSERT OR REPLACE INTO event "
				 "VALUES(?, ?, ?, ?, ?, ?)");
	for (const event &e : events)
		add.put(e.seq)
			.put(e.mask)
			.put(e.type)
			.put(e.ino)
			.put(e.path)
			.put(e.new_path)
			.run_again();
	statement(db_.get(), "UPDATE epoch SET last = ?")
		.put(events.back().seq)
		.step();
	all.commit();
}

std::uint64_t journal::last()
{
	statement s(db_.get(), "SELECT last FROM epoch");
	return s.step() ? s.number() : 0;
}

std::uint64_t journal::size()
{
	statement s(db_.get(), "SELECT count(*) FROM event");
	s.step();
	return s.number();
}

void journal::replay(std::uint64_t after,
		     const std::function<void(const event &)> &each)
{
	statement s(db_.get(), "SELECT seq, mask, type, ino, path, new_path "
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
	statement s(db_.get(),
		    "SELECT position, initial, paused, entries, filters, "
		    "success, verified, drift FROM replica WHERE name = ?");
	s.put(name);
	if (!s.step())
		return std::nullopt;
	standing where;
	where.position = s.number();
	where.initial = s.number();
	where.paused = s.number();
	where.entries = s.number();
	where.filters = s.bytes();
	where.last_success = s.time();
	where.last_verified = s.time();
	where.drift = s.number();
	return where;
}

tasks journal::todo(const std::string &name)
{
	statement s(db_.get(),
		    "SELECT path, tree, content, keep, ino FROM task "
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
	transaction all(db_.get());
	statement(db_.get(), "INSERT OR REPLACE INTO replica "
			     "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)")
		.put(name)
		.put(where.position)
		.put(where.initial)
		.put(where.paused)
		.put(where.entries)
		.put(where.filters)
		.put(where.last_success)
		.put(where.last_verified)
		.put(where.drift)
		.step();
	statement(db_.get(), "DELETE FROM task WHERE replica = ?")
		.put(name)
		.step();
	statement add(db_.get(), "INSERT INTO task VALUES(?, ?, ?, ?, ?, ?)");
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
	transaction all(db_.get());
	run(db_.get(), "CREATE TEMP TABLE IF NOT EXISTS known(name);"
		       "DELETE FROM known;");
	statement add(db_.get(), "INSERT INTO known VALUES(?)");
	for (const std::string &name : names)
		add.put(name).run_again();
	run(db_.get(),
	    "DELETE FROM task WHERE replica NOT IN (SELECT name FROM known);"
	    "DELETE FROM replica WHERE name NOT IN (SELECT name FROM known);");
	all.commit();
}

void journal::prune(std::uint64_t upto)
{
	statement(db_.get(), "DELETE FROM event WHERE seq <= ?")
		.put(upto)
		.step();
}

} // namespace imon::mirrord
