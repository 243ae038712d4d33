// SPDX-License-Identifier: GPL-2.0-or-later
#include "dry_run.hpp"

#include <cstdio>
#include <optional>
#include <string>

#include "child.hpp"
#include "file_list.hpp"
#include "mounts.hpp"
#include "quote.hpp"
#include "rsync.hpp"
#include "source_tree.hpp"

namespace imon::mirrord {

static bool compare(const source_tree &tree, const mirror_settings &m,
		    const replica_settings &r, poller &loop)
{
	const tasks whole = {{"", {.tree = true}}};
	rsync_mode mode{.why = rsync_mode::purpose::look};
	if (!m.submounts)
		for (const std::string &path : mounts_below(m.root))
			mode.mounts.push_back(hide_mount(path));
	std::optional<exit_report> report;
	child_launcher programs(loop, tree);
	std::printf("%s to %s:\n", quote(m.root).c_str(),
		    quote(r.where.name).c_str());
	const auto job = programs.start(
		rsync_command(r, whole, mode),
		file_list(tree.open().get(), whole),
		[](std::string_view chunk) {
			std::fwrite(chunk.data(), 1, chunk.size(), stdout);
		},
		[&](const exit_report &e) { report = e; });
	while (!report)
		loop.wait(std::nullopt);
	if (report->status == 0)
		return true;
	std::fprintf(stderr, "imon-mirrord: %s: %s\n",
		     quote(r.where.name).c_str(),
		     describe_rsync(*report).c_str());
	return false;
}

bool dry_run(const settings &all, poller &loop)
{
	bool good = true;
	for (const mirror_settings &m : all.mirrors) {
		const source_tree tree(m.root);
		for (const replica_settings &r : m.replicas)
			good &= compare(tree, m, r, loop);
	}
	return good;
}

} // namespace imon::mirrord
