// SPDX-License-Identifier: GPL-2.0-or-later
#include "toml_table.hpp"

#include <algorithm>

#include <imon/error.hpp>

#include "nearest.hpp"
#include "quote.hpp"

namespace imon::mirrord {

static unsigned line_of(const toml::node &value)
{
	return value.source().begin.line;
}

static std::string type_of(const toml::node &value)
{
	using enum toml::node_type;
	switch (value.type()) {
	case table:
		return "a table";
	case array:
		return "an array";
	case string:
		return "a string";
	case integer:
	case floating_point:
		return "a number";
	case boolean:
		return "true or false";
	default:
		return "a date or time";
	}
}

void toml_table::read(const toml::table &file, mistakes &wrong,
		      const reader &read)
{
	toml_table all(file, "", "the top level", wrong);
	read(all);
	all.refuse_unread();
}

const toml::node *toml_table::find(std::string_view key)
{
	known_.emplace_back(key);
	return from_.get(key);
}

bool toml_table::has(std::string_view key) const
{
	return from_.contains(key);
}

unsigned toml_table::line(std::string_view key) const
{
	const toml::node *value = from_.get(key);
	// A file without a table in it begins at no line.
	return std::max(line_of(value ? *value : from_), 1U);
}

void toml_table::refuse(std::string_view key, const std::string &sentence)
{
	wrong_.add(line(key), sentence);
}

void toml_table::refuse_type(std::string_view key, const toml::node &value,
			     const std::string &wanted)
{
	wrong_.add(line_of(value), "'" + std::string(key) + "' in " + title_ +
					   " must be " + wanted + ", not " +
					   type_of(value));
}

void toml_table::refuse_unread()
{
	for (const auto &[key, value] : from_) {
		const std::string name(key.str());
		if (std::find(known_.begin(), known_.end(), name) !=
		    known_.end())
			continue;
		const auto meant = nearest(name, known_);
		wrong_.add(key.source().begin.line,
			   "unknown key '" + quote(name) + "' in " + title_ +
				   "; " +
				   (meant ? "did you mean '" + *meant + "'?"
					  : "see mirrord.toml(5)"));
	}
}

void toml_table::flag(std::string_view key, bool &to)
{
	const toml::node *value = find(key);
	if (!value)
		return;
	if (const auto *given = value->as_boolean())
		to = given->get();
	else
		refuse_type(key, *value, "true or false");
}

void toml_table::number(std::string_view key, std::uint64_t &to,
			std::uint64_t limit)
{
	const toml::node *value = find(key);
	if (!value)
		return;
	const auto *given = value->as_integer();
	if (!given)
		refuse_type(key, *value, "a whole number");
	else if (given->get() < 0 ||
		 static_cast<std::uint64_t>(given->get()) > limit)
		refuse(key, "'" + std::string(key) + "' in " + title_ +
				    " must lie between 0 and " +
				    std::to_string(limit));
	else
		to = static_cast<std::uint64_t>(given->get());
}

bool toml_table::take(std::string_view key, const toml::node &value,
		      const taker &take)
{
	const auto *given = value.as_string();
	if (!given) {
		refuse_type(key, value, "a string");
		return false;
	}
	try {
		// It ends what programs take as an argument.
		if (given->get().find('\0') != std::string::npos)
			throw error(EINVAL, "a string holds a zero byte");
		take(given->get());
		return true;
	} catch (const error &e) {
		wrong_.add(line_of(value),
			   "'" + std::string(key) + "': " + e.sentence());
		return false;
	}
}

void toml_table::text(std::string_view key, const taker &take)
{
	if (const toml::node *value = find(key))
		this->take(key, *value, take);
}

void toml_table::text(std::string_view key, std::string &to)
{
	text(key, [&](const std::string &value) { to = value; });
}

void toml_table::words(std::string_view key, std::vector<std::string> &to,
		       const taker &check)
{
	const toml::node *value = find(key);
	if (!value)
		return;
	const toml::array *given = value->as_array();
	if (!given)
		return refuse_type(key, *value, "an array of strings");
	std::vector<std::string> all;
	bool good = true;
	for (const toml::node &word : *given) {
		good = take(key, word,
			    [&](const std::string &text) {
				    if (check)
					    check(text);
				    all.push_back(text);
			    }) &&
		       good;
	}
	if (good)
		to = std::move(all);
}

std::string toml_table::path_of(std::string_view key) const
{
	return path_ + (path_.empty() ? "" : ".") + std::string(key);
}

void toml_table::read_inner(const toml::node &value, std::string_view key,
			    const std::string &title, const reader &read)
{
	const toml::table *given = value.as_table();
	if (!given)
		return refuse_type(key, value, "a table, " + title);
	toml_table inner(*given, path_of(key), title, wrong_);
	read(inner);
	inner.refuse_unread();
}

void toml_table::table(std::string_view key, const reader &read)
{
	if (const toml::node *value = find(key))
		read_inner(*value, key, "[" + path_of(key) + "]", read);
}

void toml_table::tables(std::string_view key, const reader &read)
{
	const toml::node *value = find(key);
	if (!value)
		return;
	const std::string title = "[[" + path_of(key) + "]]";
	const toml::array *given = value->as_array();
	if (!given)
		return refuse_type(key, *value, "an array of tables, " + title);
	for (const toml::node &each : *given)
		read_inner(each, key, title, read);
}

} // namespace imon::mirrord
