// SPDX-License-Identifier: GPL-2.0-or-later
#include "file_list.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <unordered_set>

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

} // namespace

std::string file_list(int root, const tasks &batch,
		      const std::set<std::string> &more)
{
	shortener shorten(root);
	std::set<std::string> names = more;
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

} // namespace imon::mirrord
