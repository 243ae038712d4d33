// SPDX-License-Identifier: GPL-2.0-or-later
#include "left_out.hpp"

#include <cerrno>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>

#include <imon/error.hpp>

#include "doctor/trial.hpp"
#include "filter_question.hpp"
#include "rsync.hpp"
#include "tree_path.hpp"

namespace imon::mirror {

using mirrord::path_report;

static constexpr std::chrono::seconds patience(60);

/// A path and the directories that it lies in.
static std::map<std::string, bool> names_to(const std::string &root,
					    const std::string &path)
{
	std::error_code missing;
	const auto there =
		std::filesystem::symlink_status(root + '/' + path, missing);
	std::map<std::string, bool> names = {
		{path, std::filesystem::is_directory(there)}};
	for (std::string at = mirrord::above(path); !at.empty();
	     at = mirrord::above(at))
		names[at] = true;
	return names;
}

static void mark_left_out(path_report &p, const std::string &root,
			  const mirrord::replica_settings &how)
{
	mirrord::filter_question question(how, names_to(root, p.path));
	const auto answer =
		run({{question.command(), question.input()}}, patience).front();
	std::istringstream lines(answer.output);
	for (std::string line; std::getline(lines, line);)
		question.take_line(line);
	const auto hidden = question.left_out();
	if (answer.end.status != 0 || !hidden)
		throw error(EIO, "rsync does not say whether a filter leaves "
				 "it out: " +
					 describe_rsync(answer.end) +
					 "; see: imon-mirror doctor");
	// The first is the outermost.
	for (const auto &[path, pattern] : *hidden) {
		if (!mirrord::within(path, p.path))
			continue;
		p = {.mirror = p.mirror,
		     .path = p.path,
		     .replica = p.replica,
		     .state = "filtered",
		     .filter = pattern,
		     .because = path};
		return;
	}
}

void mark_left_out(std::vector<path_report> &paths,
		   const mirrord::settings &in_force)
{
	for (path_report &p : paths)
		for (const auto &m : in_force.mirrors)
			for (const auto &r : m.replicas)
				if (!p.path.empty() && m.name == p.mirror &&
				    r.where.name == p.replica &&
				    mirrord::has_filters(r))
					mark_left_out(p, m.root, r);
}

} // namespace imon::mirror
