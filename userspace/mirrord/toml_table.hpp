// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_TOML_TABLE_HPP
#define IMON_MIRRORD_TOML_TABLE_HPP

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "mistakes.hpp"
#include "setting_values.hpp"
#include "toml.hpp"

namespace imon::mirrord {

/// Reads a table of a configuration key by key. What is not there keeps the
/// value that it has; so does what is mistaken, which is noted. In the end
/// nobody may have a key that was not read.
class toml_table {
public:
	using reader = std::function<void(toml_table &table)>;

	/// Reads a whole file with @p read.
	static void read(const toml::table &file, mistakes &wrong,
			 const reader &read);

	void flag(std::string_view key, bool &to);
	void number(std::string_view key, std::uint64_t &to,
		    std::uint64_t limit);
	void text(std::string_view key, std::string &to);
	void text(std::string_view key, const taker &take);
	/// An array of strings.
	void words(std::string_view key, std::vector<std::string> &to,
		   const taker &check = {});
	/// A table, [key].
	void table(std::string_view key, const reader &read);
	/// An array of tables, [[key]].
	void tables(std::string_view key, const reader &read);

	/// Where a key stands; the table itself for one that it lacks.
	unsigned line(std::string_view key) const;
	bool has(std::string_view key) const;
	/// Notes a mistake in the value of a key, or in its absence.
	void refuse(std::string_view key, const std::string &sentence);

private:
	toml_table(const toml::table &from, std::string path, std::string title,
		   mistakes &wrong)
		: from_(from)
		, path_(std::move(path))
		, title_(std::move(title))
		, wrong_(wrong)
	{
	}
	void read_inner(const toml::node &value, std::string_view key,
			const std::string &title, const reader &read);
	std::string path_of(std::string_view key) const;
	const toml::node *find(std::string_view key);
	void refuse_type(std::string_view key, const toml::node &value,
			 const std::string &wanted);
	bool take(std::string_view key, const toml::node &value,
		  const taker &take);
	void refuse_unread();

	const toml::table &from_;
	std::string path_;  ///< "mirror.guard"; empty: the file itself
	std::string title_; ///< as messages call it
	mistakes &wrong_;
	std::vector<std::string> known_;
};

} // namespace imon::mirrord

#endif
