// SPDX-License-Identifier: GPL-2.0-or-later
#include "survey.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "descriptor.hpp"
#include "tree_path.hpp"

namespace imon::mirrord {

namespace {

struct close_directory {
	void operator()(DIR *d) const { closedir(d); }
};

using directory = std::unique_ptr<DIR, close_directory>;

directory open_below(int root, const std::string &path)
{
	descriptor fd(openat(root, path.empty() ? "." : path.c_str(),
			     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
	directory dir(fd ? fdopendir(fd.get()) : nullptr);
	if (dir)
		fd.release();
	return dir;
}

bool is_dots(const dirent &entry)
{
	const std::string_view name = entry.d_name;
	return name == "." || name == "..";
}

bool is_directory(DIR *dir, const dirent &entry)
{
	if (entry.d_type != DT_UNKNOWN)
		return entry.d_type == DT_DIR;
	struct stat st {};
	return fstatat(dirfd(dir), entry.d_name, &st, AT_SYMLINK_NOFOLLOW) ==
		       0 &&
	       S_ISDIR(st.st_mode);
}

/// @return whether to go on
using visit = std::function<bool(int directory, const dirent &entry,
				 const std::string &path)>;

/// Calls for every name below a directory.
void walk(int root, const std::string &from, const visit &each)
{
	std::vector<std::string> open = {from};
	while (!open.empty()) {
		const std::string below = std::move(open.back());
		open.pop_back();
		const directory dir = open_below(root, below);
		if (!dir)
			continue;
		while (const dirent *entry = readdir(dir.get())) {
			if (is_dots(*entry))
				continue;
			std::string path = below;
			if (!path.empty())
				path += '/';
			path += entry->d_name;
			if (!each(dirfd(dir.get()), *entry, path))
				return;
			if (is_directory(dir.get(), *entry))
				open.push_back(std::move(path));
		}
	}
}

} // namespace

std::optional<source_object> object_at(int root, const std::string &path)
{
	struct stat st {};
	if (fstatat(root, path.c_str(), &st, AT_SYMLINK_NOFOLLOW) < 0)
		return std::nullopt;
	constexpr std::int64_t second = 1'000'000'000;
	return source_object{.inode = st.st_ino,
			     .type = st.st_mode & S_IFMT,
			     .size = static_cast<std::uint64_t>(st.st_size),
			     .mtime_ns = st.st_mtim.tv_sec * second +
					 st.st_mtim.tv_nsec};
}

bool is_empty(int root)
{
	const directory dir = open_below(root, "");
	while (const dirent *entry = dir ? readdir(dir.get()) : nullptr)
		if (!is_dots(*entry))
			return false;
	return true;
}

bool has_names(int root, std::uint64_t at_least)
{
	walk(root, "", [&](int, const dirent &, const std::string &) {
		return at_least && --at_least;
	});
	return !at_least;
}

std::size_t count_missing(int root, const tasks &batch)
{
	std::size_t n = 0;
	for (const auto &[path, t] : batch)
		n += !path.empty() && !object_at(root, path);
	return n;
}

std::multimap<std::uint64_t, std::string> names_of(
	int root, const std::set<std::uint64_t> &inodes)
{
	std::multimap<std::uint64_t, std::string> found;
	walk(root, "", [&](int, const dirent &entry, const std::string &path) {
		if (inodes.contains(entry.d_ino))
			found.emplace(entry.d_ino, path);
		return true;
	});
	return found;
}

std::set<std::string> names_outside(int root, const tasks &batch)
{
	if (const auto all = batch.find("");
	    all != batch.end() && all->second.tree)
		return {};
	std::map<std::uint64_t, nlink_t> missing;
	std::set<std::string> seen; // one tree may lie in another
	const auto look = [&](int dir, const char *name,
			      const std::string &path) {
		struct stat st {};
		if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    !S_ISDIR(st.st_mode) && st.st_nlink > 1 &&
		    seen.insert(path).second)
			missing.try_emplace(st.st_ino, st.st_nlink)
				.first->second--;
		return true;
	};
	for (const auto &[path, t] : batch) {
		if (!path.empty())
			look(root, path.c_str(), path);
		if (t.tree)
			walk(root, path,
			     [&](int dir, const dirent &entry,
				 const std::string &at) {
				     return look(dir, entry.d_name, at);
			     });
	}
	std::set<std::uint64_t> inodes;
	for (const auto &[inode, n] : missing)
		if (n)
			inodes.insert(inode);
	std::set<std::string> names;
	if (inodes.empty())
		return names;
	for (const auto &[inode, path] : names_of(root, inodes))
		names.insert(path);
	return names;
}

} // namespace imon::mirrord
