// SPDX-License-Identifier: GPL-2.0-or-later
#include "rsync.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "apply/protocol.hpp"
#include "quote.hpp"

namespace imon::mirrord {

namespace exit_status {
constexpr int partial = 23;
constexpr int vanished = 24;
constexpr int would_delete = 25;
} // namespace exit_status

template <typename Of>
static bool any(const tasks &batch, Of of)
{
	return std::any_of(batch.begin(), batch.end(),
			   [&of](const auto &item) { return of(item.second); });
}

/// How the batch is compared and what may be deleted for it.
static void add_comparison(std::vector<std::string> &argv, const tasks &batch,
			   const rsync_mode &mode)
{
	const task &first = batch.begin()->second;
	if (!first.keep)
		// A directory goes with all it holds, also when a file takes its
		// place.
		argv.insert(argv.end(), {"--delete-missing-args", "--force"});
	else
		argv.push_back("--ignore-missing-args");
	if (first.tree)
		// Incremental recursion and hard links: rsync hangs, now and
		// then, when files vanish (3.5.0).
		argv.insert(argv.end(), {"--recursive", "--no-inc-recursive"});
	if (first.tree && !first.keep)
		argv.push_back("--delete-delay");
	if (first.tree || mode.links ||
	    any(batch, [](const task &t) { return t.inode; }))
		argv.push_back("--hard-links");
	if (mode.why != rsync_mode::purpose::count &&
	    any(batch, [](const task &t) { return t.content; }))
		argv.push_back("--checksum");
}

static void add_report(std::vector<std::string> &argv, const rsync_mode &mode)
{
	switch (mode.why) {
	case rsync_mode::purpose::send:
		if (mode.progress)
			argv.push_back("--info=progress2");
		break;
	case rsync_mode::purpose::count:
		argv.insert(argv.end(),
			    {"--dry-run", "--info=none,del1", "-8"});
		break;
	case rsync_mode::purpose::look:
		argv.push_back("--dry-run");
		[[fallthrough]];
	case rsync_mode::purpose::audit:
		argv.insert(argv.end(), {"--out-format=%i %n", "-8"});
		break;
	case rsync_mode::purpose::filter:
		argv.insert(argv.end(), {"--dry-run", "--info=none",
					 "--debug=none,filter", "-8"});
		break;
	}
}

std::vector<std::string> rsync_command(const replica_settings &r,
				       const tasks &batch,
				       const rsync_mode &mode)
{
	std::vector<std::string> argv = {
		r.rsync,
		"-aAX",
		"--numeric-ids",
		// Whole seconds would hide a second change within one.
		"--modify-window=-1",
		"--files-from=-",
		"--from0",
		"--timeout=600",
		// Never sent, never deleted: what deletions have left there.
		"--exclude=/" + std::string(apply::trash_folder),
	};
	add_comparison(argv, batch, mode);
	add_report(argv, mode);
	if (!mode.trash.empty())
		argv.insert(argv.end(),
			    {"--backup", "--backup-dir=" + mode.trash});
	if (mode.make_path)
		argv.push_back("--mkpath");
	if (r.where.by == destination::way::shell)
		argv.insert(argv.end(), {"-e", r.rsh});
	if (r.where.by == destination::way::rsyncd)
		// Its greeting comes in small pieces. Held back until the one
		// before is acknowledged, they cost most of a short batch.
		argv.insert(argv.end(),
			    {"--contimeout=30", "--sockopts=TCP_NODELAY"});
	if (r.bandwidth)
		argv.push_back("--bwlimit=" + std::to_string(r.bandwidth));
	for (const std::string &pattern : mode.mounts)
		argv.push_back("--exclude=" + pattern);
	for (const std::string &rule : r.filters)
		argv.push_back("--filter=" + rule);
	argv.insert(argv.end(), r.rsync_options.begin(), r.rsync_options.end());
	argv.insert(argv.end(), {"--", "./", r.where.target});
	return argv;
}

/// rsync writes a byte that is not printable as \#ooo.
static std::string unescape(std::string_view text)
{
	constexpr std::size_t length = 5;
	const auto octal = [](char c) { return c >= '0' && c <= '7'; };
	std::string bytes;
	while (!text.empty()) {
		if (text.size() >= length && text.starts_with("\\#") &&
		    octal(text[2]) && octal(text[3]) && octal(text[4])) {
			bytes += static_cast<char>((text[2] - '0') * 64 +
						   (text[3] - '0') * 8 +
						   (text[4] - '0'));
			text.remove_prefix(length);
		} else {
			bytes += text.front();
			text.remove_prefix(1);
		}
	}
	return bytes;
}

std::optional<std::string> reported_path(std::string_view line)
{
	constexpr std::string_view deleting = "deleting ";
	constexpr std::string_view item_deleted = "*deleting ";
	constexpr std::size_t item = 11; // characters of %i
	if (line.starts_with(deleting)) {
		line.remove_prefix(deleting.size());
	} else if (line.starts_with(item_deleted)) {
		line.remove_prefix(item_deleted.size());
		line.remove_prefix(
			std::min(line.find_first_not_of(' '), line.size()));
	} else if (line.size() > item + 1 && line[item] == ' ' &&
		   std::string_view("<>ch.").find(line[0]) !=
			   std::string_view::npos &&
		   std::string_view("fdLDS").find(line[1]) !=
			   std::string_view::npos) {
		line.remove_prefix(item + 1);
	} else {
		return std::nullopt;
	}
	std::string path = unescape(line);
	if (path.ends_with('/'))
		path.pop_back();
	return path == "." ? std::string() : path;
}

std::optional<std::pair<std::string, std::string>> hidden_path(
	std::string_view line)
{
	constexpr std::string_view says = "[sender] hiding ";
	constexpr std::string_view reason = " because of pattern ";
	if (!line.starts_with(says))
		return std::nullopt;
	line.remove_prefix(says.size());
	const std::size_t kind = line.find(' '); // file or directory
	const std::size_t end = line.rfind(reason);
	if (kind == line.npos || end == line.npos || end <= kind)
		return std::nullopt;
	return std::pair{unescape(line.substr(kind + 1, end - kind - 1)),
			 unescape(line.substr(end + reason.size()))};
}

outcome judge_rsync(int status, const tasks &batch)
{
	switch (status) {
	case 0:
		return outcome::done;
	case exit_status::vanished:
		// Below a tree, what vanished has an event of its own, which is
		// taken in before this batch is settled. A listed path may have
		// vanished together with its directory: rsync then skips it.
		return batch.begin()->second.tree ? outcome::done
						  : outcome::again;
	case exit_status::partial:
	case exit_status::would_delete:
		return outcome::partial;
	default:
		return outcome::failed;
	}
}

std::optional<std::uint64_t> skipped_deletions(const exit_report &report)
{
	constexpr std::string_view mark = "--max-delete limit (";
	const std::string &said = report.message;
	const std::size_t at = said.find(mark);
	std::uint64_t n = 0;
	if (at != std::string::npos)
		std::from_chars(said.data() + at + mark.size(),
				said.data() + said.size(), n);
	if (n || report.status != exit_status::would_delete)
		return n ? std::optional(n) : std::nullopt;
	// It said so, in words that we do not know: more than any limit.
	return std::numeric_limits<std::uint32_t>::max();
}

static std::string in_words(int status)
{
	switch (status) {
	case 1:
		return "rsync does not understand its options";
	case 2:
		return "the two rsyncs do not understand each other";
	case 5:
		return "the rsync daemon refused";
	case 10:
		return "no connection";
	case 11:
		return "a file could not be read or written";
	case 12:
		return "the connection broke";
	case exit_status::partial:
		return "a path could not be transferred";
	case exit_status::vanished:
		return "a path vanished meanwhile";
	case exit_status::would_delete:
		return "--max-delete stopped the deletions";
	case 30:
	case 35:
		return "no answer in time";
	case 127:
		return "rsync is missing on the replica";
	case 255:
		return "the remote shell failed";
	default:
		return "rsync ended with status " + std::to_string(status);
	}
}

/// rsync tells of what vanished as well, before what is wrong and after; and what
/// a daemon has refused before what came of that.
static std::string complaint(const std::string &errors)
{
	std::size_t begin = errors.find("ERROR: ");
	if (begin == std::string::npos)
		begin = errors.find("rsync: ");
	else
		begin = errors.rfind('\n', begin) + 1;
	if (begin == std::string::npos)
		begin = 0;
	std::string line =
		errors.substr(begin, errors.find('\n', begin) - begin);
	while (line.ends_with('\r'))
		line.pop_back();
	return quote(line);
}

std::string describe_rsync(const exit_report &report)
{
	if (report.status < 0)
		return quote(report.message);
	const std::string said = complaint(report.message);
	return in_words(report.status) +
	       (said.empty() ? "" : " (" + said + ")");
}

} // namespace imon::mirrord
