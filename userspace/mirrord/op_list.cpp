// SPDX-License-Identifier: GPL-2.0-or-later
#include "op_list.hpp"

#include <sys/stat.h>

#include <cassert>
#include <charconv>
#include <ctime>

#include "apply/protocol.hpp"
#include "quote.hpp"

namespace imon::mirrord {

namespace {

constexpr std::size_t shown_max = 200;

std::string begin_list(std::size_t operations)
{
	return std::string(apply::program) + ' ' + apply::version + ' ' +
	       std::to_string(operations) + '\n';
}

void put(std::string &list, std::string_view field)
{
	list.append(field).push_back('\0');
}

/// As in find's -type; empty for what no file is.
std::string_view letter(std::uint32_t type)
{
	switch (type) {
	case S_IFREG:
		return "f";
	case S_IFDIR:
		return "d";
	case S_IFLNK:
		return "l";
	case S_IFIFO:
		return "p";
	case S_IFSOCK:
		return "s";
	case S_IFBLK:
		return "b";
	case S_IFCHR:
		return "c";
	default:
		return {};
	}
}

bool fits(std::string_view path)
{
	if (path.empty() || path.size() > apply::field_max)
		return false;
	for (std::size_t begin = 0; begin <= path.size();) {
		const std::size_t end =
			std::min(path.find('/', begin), path.size());
		if (end - begin > apply::name_max)
			return false;
		begin = end + 1;
	}
	return true;
}

std::string timestamp(wall_time when)
{
	const std::time_t seconds = std::chrono::system_clock::to_time_t(when);
	std::tm utc{};
	gmtime_r(&seconds, &utc);
	char text[32];
	return {text,
		std::strftime(text, sizeof text, apply::trash_time, &utc)};
}

/// Takes a whole line, without its end; nothing when there is none.
std::optional<std::string_view> take_line(std::string_view &text)
{
	const std::size_t end = text.find('\n');
	if (end == std::string_view::npos)
		return std::nullopt;
	const std::string_view line = text.substr(0, end);
	text.remove_prefix(end + 1);
	return line;
}

bool take(std::string_view &text, std::string_view prefix)
{
	if (!text.starts_with(prefix))
		return false;
	text.remove_prefix(prefix.size());
	return true;
}

std::string shown(std::string_view bytes)
{
	return quote(bytes.substr(0, shown_max));
}

/// Up to the next blank.
std::optional<std::string_view> field(std::string_view line,
				      std::string_view mark)
{
	const std::size_t at = line.find(mark);
	if (at == line.npos)
		return std::nullopt;
	line.remove_prefix(at + mark.size());
	return line.substr(0, line.find(' '));
}

std::optional<std::uint64_t> number_in(std::string_view line,
				       std::string_view mark)
{
	const std::string_view text = field(line, mark).value_or("");
	std::uint64_t value = 0;
	const auto [end, bad] =
		std::from_chars(text.data(), text.data() + text.size(), value);
	if (bad != std::errc{} || end != text.data() + text.size())
		return std::nullopt;
	return value;
}

/// Takes the first line, by which imon-apply is known.
/// @return what is wrong with it
std::string take_greeting(std::string_view &out)
{
	const std::string_view all = out;
	auto line = take_line(out);
	if (all.empty())
		return "imon-apply said nothing";
	if (!line || !take(*line, apply::program) || !take(*line, " "))
		return "imon-apply was expected, but something else answered: " +
		       shown(all.substr(0, all.find('\n')));
	if (*line != apply::version)
		return "imon-apply there speaks version " + shown(*line) +
		       " of the list; install that of this imon-mirrord";
	return {};
}

} // namespace

const std::size_t moves_max = apply::operations_max;

bool can_apply(const move &m)
{
	return fits(m.old_path) && fits(m.new_path) && !letter(m.type).empty();
}

std::string op_list(const std::vector<move> &moves)
{
	assert(moves.size() <= moves_max);
	std::string list = begin_list(moves.size());
	for (const move &m : moves) {
		put(list, "move");
		put(list, m.old_path);
		put(list, m.new_path);
		put(list, letter(m.type));
		put(list, std::to_string(m.size));
		put(list, std::to_string(m.mtime_ns));
		put(list, m.replace ? "replace" : "keep");
	}
	return list;
}

std::string expire_list(wall_time older_than)
{
	std::string list = begin_list(1);
	put(list, "expire");
	put(list, timestamp(older_than));
	return list;
}

std::string probe_list()
{
	std::string list = begin_list(1);
	put(list, "probe");
	return list;
}

std::string trash_path(wall_time batch)
{
	return std::string(apply::trash_folder) + '/' + timestamp(batch);
}

apply_result parse_apply(std::string_view out, std::size_t n)
{
	using ending = apply_result::ending;
	apply_result result;
	result.why = take_greeting(out);
	if (!result.why.empty())
		return result;
	while (result.done < n) {
		auto line = take_line(out);
		if (!line) {
			result.why = "imon-apply's answer broke off";
			return result;
		}
		if (result.done == 0 && take(*line, "refused "))
			return {ending::failed, 0, shown(*line)};
		const std::string number = std::to_string(result.done);
		const std::string_view all = *line;
		if (take(*line, number + " failed "))
			return {ending::failed, result.done, shown(*line)};
		if (!take(*line, number + " ok") ||
		    !(line->empty() || line->front() == ' ')) {
			result.why = "imon-apply's answer makes no sense: " +
				     shown(all);
			return result;
		}
		result.done++;
	}
	result.end = ending::done;
	return result;
}

std::optional<probe_result> parse_probe(std::string_view out)
{
	if (!take_greeting(out).empty())
		return std::nullopt;
	auto line = take_line(out);
	if (!line || !take(*line, "0 ok"))
		return std::nullopt;
	const auto version = field(*line, " version=");
	const auto rsync = field(*line, " rsync=");
	const auto free = number_in(*line, " free=");
	if (!version || version->empty() || !free ||
	    (rsync != "yes" && rsync != "no"))
		return std::nullopt;
	return probe_result{.version = shown(*version),
			    .free_bytes = *free,
			    .free_inodes = number_in(*line, " inodes="),
			    .time = number_in(*line, " time="),
			    .rsync = rsync == "yes"};
}

} // namespace imon::mirrord
