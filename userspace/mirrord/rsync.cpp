// SPDX-License-Identifier: GPL-2.0-or-later
#include "rsync.hpp"

#include <algorithm>

#include "quote.hpp"

namespace imon::mirrord {

namespace exit_status {
constexpr int partial = 23;
constexpr int vanished = 24;
} // namespace exit_status

std::vector<std::string> rsync_command(const options &o, const destination &to,
				       const tasks &batch, bool progress)
{
	std::vector<std::string> argv = {
		o.rsync,
		"-aAX",
		"--numeric-ids",
		// Whole seconds would hide a second change within one.
		"--modify-window=-1",
		"--files-from=-",
		"--from0",
		"--delete-missing-args",
		// A directory goes with all it holds, also when a file takes its place.
		"--force",
		"--timeout=600",
	};
	if (batch.begin()->second.tree) {
		argv.insert(argv.end(), {"--recursive", "--delete-delay"});
	}
	const auto by_content = [](const auto &item) {
		return item.second.content;
	};
	if (std::any_of(batch.begin(), batch.end(), by_content))
		argv.push_back("--checksum");
	if (to.by == destination::way::shell)
		argv.insert(argv.end(), {"-e", o.rsh});
	if (to.by == destination::way::rsyncd)
		argv.push_back("--contimeout=30");
	if (progress)
		argv.push_back("--info=progress2");
	for (const std::string &pattern : o.excludes)
		argv.push_back("--exclude=" + pattern);
	argv.insert(argv.end(), o.rsync_options.begin(), o.rsync_options.end());
	argv.insert(argv.end(), {"--", "./", to.target});
	return argv;
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
	case would_delete:
		return outcome::partial;
	default:
		return outcome::failed;
	}
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
	case would_delete:
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

/// rsync tells of what vanished as well, before what is wrong and after.
static std::string complaint(const std::string &errors)
{
	constexpr const char *mark = "rsync: ";
	std::size_t begin = errors.find(mark);
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
	std::string said = complaint(report.message);
	if (report.status < 0)
		return said;
	return in_words(report.status) +
	       (said.empty() ? "" : " (" + said + ")");
}

} // namespace imon::mirrord
