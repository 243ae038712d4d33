// SPDX-License-Identifier: GPL-2.0-or-later
#include "trash.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>
#include <vector>

#include "tree.hpp"

namespace imon::apply {

namespace {

struct close_directory {
	void operator()(DIR *d) const { closedir(d); }
};

using directory = std::unique_ptr<DIR, close_directory>;

directory open_listed(int parent, const std::string &name)
{
	descriptor fd = open_beneath(parent, name, O_RDONLY);
	directory dir(fd ? fdopendir(fd.get()) : nullptr);
	if (dir)
		fd.release();
	return dir;
}

bool is_dots(std::string_view name)
{
	return name == "." || name == "..";
}

/// Empties one folder of the trash.
///
/// It may be as deep as a path is long, and this has to do with the few
/// descriptors of a login: a directory inside a directory is moved to the top
/// first, where its turn comes. Whatever it is called there: it all goes.
class emptying {
public:
	explicit emptying(int top)
		: top_(top)
	{
	}

	/// @return the errno of what cannot be removed, or 0
	int run()
	{
		do {
			removed_ = false;
			failure_ = 0;
			sweep(top_);
		} while (removed_ && !is_empty());
		return failure_;
	}

private:
	bool is_empty()
	{
		const directory dir = open_listed(top_, ".");
		while (const dirent *entry = dir ? readdir(dir.get()) : nullptr)
			if (!is_dots(entry->d_name))
				return false;
		return true;
	}

	void sweep(int fd)
	{
		const directory dir = open_listed(fd, ".");
		if (!dir)
			failed();
		while (const dirent *entry = dir ? readdir(dir.get()) : nullptr)
			if (!is_dots(entry->d_name) &&
			    !remove(fd, entry->d_name))
				failed();
	}

	/// The first reason stays: that a directory is not empty follows.
	void failed()
	{
		if (!failure_)
			failure_ = errno;
	}

	bool remove(int fd, const char *name)
	{
		if (unlinkat(fd, name, 0) == 0 ||
		    (errno == EISDIR && unlinkat(fd, name, AT_REMOVEDIR) == 0))
			return removed_ = true;
		if (errno != ENOTEMPTY)
			return false;
		if (fd != top_)
			return raise(fd, name);
		const descriptor inner = open_beneath(fd, name, O_RDONLY);
		if (!inner)
			return false;
		sweep(inner.get());
		return unlinkat(fd, name, AT_REMOVEDIR) == 0;
	}

	bool raise(int fd, const char *name)
	{
		while (renameat(fd, name, top_, std::to_string(next_).c_str()) <
		       0) {
			if (errno != ENOTEMPTY && errno != EEXIST &&
			    errno != ENOTDIR)
				return false;
			next_++;
		}
		return removed_ = true;
	}

	int top_;
	unsigned long next_ = 0; ///< name to be tried at the top
	bool removed_ = false;
	int failure_ = 0;
};

/// @return the errno of what went wrong, or 0
int remove_folder(int trash, const std::string &name)
{
	const descriptor folder = open_beneath(trash, name, O_RDONLY);
	if (!folder)
		return errno;
	const int failure = emptying(folder.get()).run();
	if (failure)
		return failure;
	return unlinkat(trash, name.c_str(), AT_REMOVEDIR) < 0 ? errno : 0;
}

} // namespace

expiry expire_trash(int root, const std::string &older_than)
{
	expiry result;
	const directory trash = open_listed(root, trash_folder);
	if (!trash) {
		if (errno != ENOENT)
			result.why = "the trash: " + in_words(errno);
		return result;
	}
	std::vector<std::string> expired;
	while (const dirent *entry = readdir(trash.get()))
		if (is_time_stamp(entry->d_name) && entry->d_name < older_than)
			expired.emplace_back(entry->d_name);
	for (const std::string &name : expired) {
		const int failure = remove_folder(dirfd(trash.get()), name);
		if (failure)
			result.why =
				name + " in the trash: " + in_words(failure);
		else
			result.removed++;
	}
	return result;
}

} // namespace imon::apply
