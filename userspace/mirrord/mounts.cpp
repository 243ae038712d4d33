// SPDX-License-Identifier: GPL-2.0-or-later
#include "mounts.hpp"

#include <mntent.h>

#include <cstdio>
#include <memory>

namespace imon::mirrord {

std::vector<std::string> mounts_below(const std::string &root,
				      const std::string &table)
{
	struct close_table {
		void operator()(FILE *f) const { endmntent(f); }
	};
	const std::unique_ptr<FILE, close_table> file(
		setmntent(table.c_str(), "re"));
	const std::string below = root == "/" ? root : root + '/';
	std::vector<std::string> found;
	while (const mntent *m = file ? getmntent(file.get()) : nullptr) {
		const std::string at = m->mnt_dir;
		if (at.starts_with(below) && at.size() > below.size())
			found.push_back(at.substr(below.size()));
	}
	return found;
}

std::string hide_mount(const std::string &path)
{
	std::string pattern = "/";
	for (const char c : path) {
		if (c == '*' || c == '?' || c == '[' || c == '\\')
			pattern += '\\';
		pattern += c;
	}
	return pattern + "/*";
}

} // namespace imon::mirrord
