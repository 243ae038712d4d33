// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_DATABASE_HPP
#define IMON_MIRRORD_DATABASE_HPP

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "report.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace imon::mirrord {

/// The database could not be read or written; what() says why, in one line.
class journal_error : public std::runtime_error {
	using std::runtime_error::runtime_error;
};

/// An SQLite database that this process has for itself. All calls throw
/// journal_error.
class database {
public:
	class statement;
	class transaction;

	/// Opens the file, or makes it.
	void open(const std::string &file);
	void close() { db_.reset(); }
	/// Runs commands that have no values and no rows.
	void run(const std::string &sql);
	/// Whether the last error was that the file is no sound database.
	bool is_damaged() const;

private:
	[[noreturn]] void fail() const;

	struct close_database {
		void operator()(sqlite3 *db) const;
	};
	std::unique_ptr<sqlite3, close_database> db_;
};

/// One SQL command with its values.
class database::statement {
public:
	statement(database &on, const char *sql);
	~statement();
	statement(const statement &) = delete;
	statement &operator=(const statement &) = delete;

	template <std::integral T>
	statement &put(T value)
	{
		return put_number(static_cast<std::int64_t>(value));
	}
	/// Must live until the command has run.
	statement &put(const std::string &bytes);
	statement &put(const std::optional<std::string> &bytes);
	statement &put(const std::optional<wall_time> &when);

	/// @return whether there is a row
	bool step();
	/// Runs it, and makes it ready for other values.
	void run_again();

	// The values of the row, column by column.
	std::uint64_t number();
	std::string bytes();
	std::optional<std::string> optional_bytes();
	std::optional<wall_time> time();

private:
	statement &put_number(std::int64_t value);
	statement &check(int result);
	bool skip_null();

	database &on_;
	sqlite3_stmt *s_ = nullptr;
	int at_ = 0, column_ = 0;
};

/// Undone unless it is committed; on the disk when it is.
class database::transaction {
public:
	explicit transaction(database &on);
	~transaction();
	transaction(const transaction &) = delete;
	transaction &operator=(const transaction &) = delete;
	void commit();

private:
	database &on_;
	bool committed_ = false;
};

} // namespace imon::mirrord

#endif
