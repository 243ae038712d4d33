// SPDX-License-Identifier: GPL-2.0-or-later
#include "rename.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "tree_path.hpp"

namespace imon::mirrord {

/// Where later renames have brought what was at a path.
static std::string now_at(std::string path, const std::vector<rename> &renames,
			  std::size_t after)
{
	for (std::size_t i = after; i < renames.size(); i++)
		if (within(renames[i].from, path))
			path = renames[i].to +
			       path.substr(renames[i].from.size());
	return path;
}

static bool came_later(std::uint64_t inode, const std::vector<rename> &renames,
		       std::size_t after)
{
	return std::any_of(renames.begin() + static_cast<std::ptrdiff_t>(after),
			   renames.end(), [inode](const rename &r) {
				   return r.inode == inode;
			   });
}

std::vector<move> borne_out(const std::vector<rename> &renames,
			    const look_up &source)
{
	std::vector<move> good;
	for (std::size_t i = 0; i < renames.size(); i++) {
		const rename &r = renames[i];
		const auto there = source(now_at(r.to, renames, i + 1));
		if (!there || there->inode != r.inode ||
		    S_ISDIR(there->type) != r.directory)
			break;
		const auto left =
			r.directory ? source(now_at(r.from, renames, i + 1))
				    : std::nullopt;
		if (left && !came_later(left->inode, renames, i + 1))
			break;
		move m{.old_path = r.from,
		       .new_path = r.to,
		       .type = there->type,
		       .size = there->size,
		       .mtime_ns = there->mtime_ns};
		if (!can_apply(m) || good.size() == moves_max)
			break;
		good.push_back(std::move(m));
	}
	return good;
}

} // namespace imon::mirrord
