// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree_walk.hpp"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>
#include <vector>

namespace fs = std::filesystem;

static std::string contents(const fs::path &path)
{
	std::ifstream in(path, std::ios::binary);
	std::ostringstream bytes;
	bytes << in.rdbuf();
	return bytes.str();
}

static std::string attributes(const fs::path &path)
{
	std::vector<char> names(4096), value(4096);
	const ssize_t size =
		llistxattr(path.c_str(), names.data(), names.size());
	std::map<std::string, std::string> sorted;
	for (ssize_t at = 0; at < size;) {
		const char *name = names.data() + at;
		const ssize_t n = lgetxattr(path.c_str(), name, value.data(),
					    value.size());
		sorted[name].assign(
			value.data(),
			static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
		at += static_cast<ssize_t>(std::strlen(name)) + 1;
	}
	std::string text;
	for (const auto &[name, bytes] : sorted)
		text += " " + name + "=" + bytes;
	return text;
}

/// All that must be alike, as one text.
static std::string describe(const fs::path &path)
{
	struct stat st {};
	if (lstat(path.c_str(), &st) < 0)
		return "absent";
	std::ostringstream text;
	text << std::oct << "mode " << st.st_mode << std::dec << " owner "
	     << st.st_uid << ':' << st.st_gid << " time " << st.st_mtim.tv_sec
	     << '.' << st.st_mtim.tv_nsec << attributes(path);
	if (S_ISREG(st.st_mode))
		text << " size " << st.st_size << " hash "
		     << std::hash<std::string>{}(contents(path));
	if (S_ISLNK(st.st_mode))
		text << " -> " << fs::read_symlink(path).string();
	return text.str();
}

/// Each name of a file that has several says which is the first.
static void describe_links(const fs::path &root,
			   std::map<std::string, std::string> &lines)
{
	std::map<std::pair<dev_t, ino_t>, std::string> first;
	for (auto &[path, line] : lines) {
		struct stat st {};
		if (lstat((root / path).c_str(), &st) < 0 ||
		    S_ISDIR(st.st_mode) || st.st_nlink < 2)
			continue;
		const auto [found, is_first] =
			first.try_emplace({st.st_dev, st.st_ino}, path);
		if (!is_first)
			line += " link of " + found->second;
	}
}

/// Somebody may be changing it; then it is not like anything.
static std::map<std::string, std::string> describe_all(const fs::path &root)
{
	std::map<std::string, std::string> lines{{".", describe(root)}};
	std::error_code broken;
	for (fs::recursive_directory_iterator at(root, broken), end; at != end;
	     at.increment(broken))
		lines[at->path().lexically_relative(root).string()] =
			describe(at->path());
	if (broken)
		lines["."] += " " + root.string() + ": " + broken.message();
	describe_links(root, lines);
	return lines;
}

std::string compare_trees(const fs::path &one, const fs::path &other)
{
	auto left = describe_all(one), right = describe_all(other);
	std::string text;
	for (const auto &[path, line] : right)
		left.try_emplace(path, "absent");
	for (const auto &[path, line] : left) {
		const auto found = right.find(path);
		const std::string there =
			found == right.end() ? "absent" : found->second;
		if (line != there)
			text += path + "\n  source:  " + line +
				"\n  replica: " + there + "\n";
	}
	return text;
}
