// SPDX-License-Identifier: GPL-2.0-or-later
#include "file_list.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <memory>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "descriptor.hpp"

namespace imon::mirrord {

namespace {

/// Shortens paths to what can be listed. Remembers the directories it has
/// seen, as many paths share them.
class shortener {
public:
	explicit shortener(int root)
		: root_(root)
	{
	}

	std::string operator()(const std::string &path)
	{
		for (std::size_t slash = path.find('/');
		     slash != std::string::npos;
		     slash = path.find('/', slash + 1)) {
			std::string above = path.substr(0, slash);
			if (directories_.contains(above))
				continue;
			struct stat st {};
			if (fstatat(root_, above.c_str(), &st,
				    AT_SYMLINK_NOFOLLOW) < 0 ||
			    !S_ISDIR(st.st_mode))
				return above;
			directories_.insert(std::move(above));
		}
		return path;
	}

private:
	int root_;
	std::unordered_set<std::string> directories_;
};

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

} // namespace

std::string file_list(int root, const tasks &batch)
{
	shortener shorten(root);
	std::set<std::string> names;
	for (const auto &[path, t] : batch)
		names.insert(shorten(path));
	// Every listed name brings the root's own attributes along. Listed by
	// itself the root brings all its entries, too.
	if (names.size() > 1 && !batch.begin()->second.tree)
		names.erase("");
	std::string list;
	for (const std::string &name : names)
		list.append("./").append(name).push_back('\0');
	return list;
}

bool is_empty(int root)
{
	const directory dir = open_below(root, "");
	while (const dirent *entry = dir ? readdir(dir.get()) : nullptr)
		if (!is_dots(*entry))
			return false;
	return true;
}

std::multimap<std::uint64_t, std::string> names_of(
	int root, const std::set<std::uint64_t> &inodes)
{
	std::multimap<std::uint64_t, std::string> found;
	std::vector<std::string> open = {""};
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
			if (is_directory(dir.get(), *entry))
				open.push_back(std::move(path));
			else if (inodes.contains(entry->d_ino))
				found.emplace(entry->d_ino, std::move(path));
		}
	}
	return found;
}

} // namespace imon::mirrord
