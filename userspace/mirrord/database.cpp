// SPDX-License-Identifier: GPL-2.0-or-later
#include "database.hpp"

#include <sqlite3.h>

namespace imon::mirrord {

void database::close_database::operator()(sqlite3 *db) const
{
	sqlite3_close(db);
}

void database::fail() const
{
	if (!db_)
		throw journal_error("out of memory");
	switch (sqlite3_errcode(db_.get())) {
	case SQLITE_FULL:
		throw journal_error("the disk is full");
	case SQLITE_BUSY:
		throw journal_error("another imon-mirrord has it open");
	default:
		throw journal_error(sqlite3_errmsg(db_.get()));
	}
}

void database::open(const std::string &file)
{
	sqlite3 *db = nullptr;
	const int result = sqlite3_open(file.c_str(), &db);
	db_.reset(db);
	if (result != SQLITE_OK)
		fail();
}

void database::run(const std::string &sql)
{
	if (sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr) !=
	    SQLITE_OK)
		fail();
}

bool database::is_damaged() const
{
	const int code = db_ ? sqlite3_errcode(db_.get()) : SQLITE_OK;
	return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

database::statement::statement(database &on, const char *sql)
	: on_(on)
{
	if (sqlite3_prepare_v2(on.db_.get(), sql, -1, &s_, nullptr) !=
	    SQLITE_OK)
		on_.fail();
}

database::statement::~statement()
{
	sqlite3_finalize(s_);
}

database::statement &database::statement::check(int result)
{
	if (result != SQLITE_OK)
		on_.fail();
	return *this;
}

database::statement &database::statement::put_number(std::int64_t value)
{
	return check(sqlite3_bind_int64(s_, ++at_, value));
}

database::statement &database::statement::put(const std::string &bytes)
{
	return check(sqlite3_bind_blob64(s_, ++at_, bytes.data(), bytes.size(),
					 SQLITE_STATIC));
}

database::statement &database::statement::put(
	const std::optional<std::string> &bytes)
{
	return bytes ? put(*bytes) : check(sqlite3_bind_null(s_, ++at_));
}

database::statement &database::statement::put(
	const std::optional<wall_time> &when)
{
	if (!when)
		return check(sqlite3_bind_null(s_, ++at_));
	return put_number(std::chrono::duration_cast<std::chrono::microseconds>(
				  when->time_since_epoch())
				  .count());
}

bool database::statement::step()
{
	switch (sqlite3_step(s_)) {
	case SQLITE_ROW:
		column_ = 0;
		return true;
	case SQLITE_DONE:
		return false;
	default:
		on_.fail();
	}
}

void database::statement::run_again()
{
	step();
	sqlite3_reset(s_);
	at_ = 0;
}

std::uint64_t database::statement::number()
{
	return static_cast<std::uint64_t>(sqlite3_column_int64(s_, column_++));
}

std::string database::statement::bytes()
{
	const void *data = sqlite3_column_blob(s_, column_);
	const int size = sqlite3_column_bytes(s_, column_++);
	return data ? std::string(static_cast<const char *>(data),
				  static_cast<std::size_t>(size))
		    : std::string();
}

bool database::statement::skip_null()
{
	const bool null = sqlite3_column_type(s_, column_) == SQLITE_NULL;
	column_ += null;
	return null;
}

std::optional<std::string> database::statement::optional_bytes()
{
	return skip_null() ? std::nullopt : std::optional(bytes());
}

std::optional<wall_time> database::statement::time()
{
	if (skip_null())
		return std::nullopt;
	return wall_time(
		std::chrono::microseconds(static_cast<std::int64_t>(number())));
}

database::transaction::transaction(database &on)
	: on_(on)
{
	on_.run("BEGIN IMMEDIATE");
}

database::transaction::~transaction()
{
	if (!committed_)
		sqlite3_exec(on_.db_.get(), "ROLLBACK", nullptr, nullptr,
			     nullptr);
}

void database::transaction::commit()
{
	on_.run("COMMIT");
	committed_ = true;
}

} // namespace imon::mirrord
