// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>

#include <imon/error.hpp>

#include "file_name.hpp"

namespace imon::tools {

namespace {

std::string why_not(int errno_value)
{
	switch (errno_value) {
	case ENOENT:
		return " does not exist; give an existing directory";
	case ENOTDIR:
		return " is not a directory; give the directory that it is in";
	case EACCES:
	case EPERM:
		return " may not be opened; run imon as root";
	default:
		return std::string(" cannot be opened: ") +
		       std::strerror(errno_value);
	}
}

tree open_tree(std::string path)
{
	unique_fd fd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (fd.get() < 0) {
		const int why = errno;
		throw error(why, quoted_name(path) + why_not(why));
	}
	std::error_code failed;
	const auto absolute = std::filesystem::canonical(path, failed);
	while (path.size() > 1 && path.back() == '/')
		path.pop_back();
	const auto label = failed ? path : absolute.string();
	return {std::move(fd), std::move(path), label};
}

} // namespace

std::vector<tree> open_trees(const std::vector<std::string> &paths)
{
	std::vector<tree> trees;
	for (const auto &path : paths)
		trees.push_back(open_tree(path));
	return trees;
}

void add_trees(const std::vector<tree> &trees,
	       const std::function<void(const tree &)> &add)
{
	for (const auto &t : trees) {
		try {
			add(t);
		} catch (const error &e) {
			throw error(e.code().value(),
				    quoted_name(t.name) + ": " + e.sentence());
		}
	}
}

} // namespace imon::tools
