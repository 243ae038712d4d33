// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_MODEL_TREE_HPP
#define IMON_TESTS_MODEL_TREE_HPP

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace model {

/// A file (no entries) or a directory of a file system that exists in memory.
struct node {
	bool directory = false;
	std::uint64_t ino = 0;
	int content = 0;
	int mtime = 0;
	std::map<std::string, std::shared_ptr<node>> entries;
};

using node_ptr = std::shared_ptr<node>;

/// Finds the node of a path; null when there is none.
inline node_ptr find(const node_ptr &root, const std::string &path)
{
	node_ptr at = root;
	for (std::size_t begin = 0; at && begin < path.size();) {
		const std::size_t end =
			std::min(path.find('/', begin), path.size());
		const auto entry =
			at->entries.find(path.substr(begin, end - begin));
		at = entry == at->entries.end() ? nullptr : entry->second;
		begin = end + 1;
	}
	return at;
}

inline std::string above(const std::string &path)
{
	const std::size_t slash = path.rfind('/');
	return slash == std::string::npos ? "" : path.substr(0, slash);
}

inline std::string last(const std::string &path)
{
	return path.substr(path.rfind('/') + 1);
}

inline std::string join(const std::string &directory, const std::string &name)
{
	return directory.empty() ? name : directory + '/' + name;
}

/// All paths below @p at, directories before what they hold.
inline void list(const node_ptr &at, const std::string &path,
		 std::vector<std::string> &paths)
{
	for (const auto &[name, child] : at->entries) {
		const std::string below = join(path, name);
		paths.push_back(below);
		list(child, below, paths);
	}
}

inline std::vector<std::string> list(const node_ptr &root)
{
	std::vector<std::string> paths;
	list(root, "", paths);
	return paths;
}

/// What a user would see, one line per path.
inline std::map<std::string, std::string> describe(const node_ptr &root)
{
	std::map<std::string, std::string> lines;
	for (const std::string &path : list(root)) {
		const node_ptr n = find(root, path);
		lines[path] =
			n->directory
				? "directory"
				: "content " + std::to_string(n->content) +
					  " mtime " + std::to_string(n->mtime);
	}
	return lines;
}

} // namespace model

#endif
