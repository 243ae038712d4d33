// SPDX-License-Identifier: GPL-2.0-or-later
#include "request.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>

namespace imon::apply {

namespace {

bool take(std::string_view &text, std::string_view prefix)
{
	if (!text.starts_with(prefix))
		return false;
	text.remove_prefix(prefix.size());
	return true;
}

template <typename number>
number to_number(std::string_view digits, const char *what)
{
	number n{};
	const char *end = digits.data() + digits.size();
	const auto [stop, bad] = std::from_chars(digits.data(), end, n);
	if (bad != std::errc{} || stop != end)
		throw refusal(std::string(what) + " is no number");
	return n;
}

/// @return how many operations follow
std::size_t take_header(std::string_view &input)
{
	const std::size_t end = input.substr(0, 64).find('\n');
	std::string_view line = input.substr(0, end);
	if (end == std::string_view::npos || !take(line, program) ||
	    !take(line, " "))
		throw refusal("this is no list of operations; "
			      "imon-mirrord makes them");
	const std::size_t blank = line.find(' ');
	if (line.substr(0, blank) != version)
		throw refusal("this imon-apply takes version " +
				      std::string(version) +
				      " of the list; install the one of your "
				      "imon-mirrord",
			      true);
	if (blank == std::string_view::npos)
		throw refusal("the count of operations is missing");
	const auto count = to_number<std::size_t>(line.substr(blank + 1),
						  "the count of operations");
	if (count > operations_max)
		throw refusal("there are more than " +
			      std::to_string(operations_max) + " operations");
	input.remove_prefix(end + 1);
	return count;
}

std::string_view take_field(std::string_view &input)
{
	const std::size_t end = input.substr(0, field_max + 1).find('\0');
	if (end == std::string_view::npos)
		throw refusal("the list broke off, or a field is too long");
	const std::string_view field = input.substr(0, end);
	input.remove_prefix(end + 1);
	return field;
}

/// A path that can only lead down.
std::string take_path(std::string_view &input)
{
	const std::string_view path = take_field(input);
	for (std::size_t begin = 0; begin <= path.size();) {
		const std::size_t end =
			std::min(path.find('/', begin), path.size());
		const std::string_view name = path.substr(begin, end - begin);
		if (name.empty() || name == "." || name == "..")
			throw refusal("a path is not plain and relative");
		if (name.size() > name_max)
			throw refusal("a name is too long");
		begin = end + 1;
	}
	return std::string(path);
}

mode_t take_type(std::string_view &input)
{
	const std::string_view letter = take_field(input);
	if (letter == "f")
		return S_IFREG;
	if (letter == "d")
		return S_IFDIR;
	if (letter == "l")
		return S_IFLNK;
	if (letter == "p")
		return S_IFIFO;
	if (letter == "s")
		return S_IFSOCK;
	if (letter == "b")
		return S_IFBLK;
	if (letter == "c")
		return S_IFCHR;
	throw refusal("a type is unknown");
}

bool take_replace(std::string_view &input)
{
	const std::string_view how = take_field(input);
	if (how != "replace" && how != "keep")
		throw refusal("a move neither replaces nor keeps");
	return how == "replace";
}

operation take_operation(std::string_view &input)
{
	const std::string_view verb = take_field(input);
	if (verb == "move") {
		move m;
		m.old_path = take_path(input);
		m.new_path = take_path(input);
		m.type = take_type(input);
		m.size = to_number<std::uint64_t>(take_field(input), "a size");
		m.mtime_ns =
			to_number<std::int64_t>(take_field(input), "a time");
		m.replace = take_replace(input);
		return m;
	}
	if (verb == "expire") {
		expire e{std::string(take_field(input))};
		if (!is_time_stamp(e.older_than))
			throw refusal("a time stamp is malformed");
		return e;
	}
	if (verb == "probe")
		return probe{};
	throw refusal("an operation is unknown");
}

} // namespace

bool is_time_stamp(std::string_view name)
{
	constexpr std::string_view form = "00000000T000000Z";
	return std::equal(name.begin(), name.end(), form.begin(), form.end(),
			  [](char c, char like) {
				  return like == '0' ? c >= '0' && c <= '9'
						     : c == like;
			  });
}

request parse_request(std::string_view input)
{
	request all;
	for (std::size_t left = take_header(input); left > 0; left--)
		all.push_back(take_operation(input));
	if (!input.empty())
		throw refusal("more follows than was announced");
	return all;
}

} // namespace imon::apply
