// SPDX-License-Identifier: GPL-2.0-or-later
#include "source_tree.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <imon/error.hpp>

#include "quote.hpp"

namespace imon::mirrord {

static descriptor open_directory(const std::string &path)
{
	return descriptor(
		::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

std::optional<source_tree::identity> source_tree::identify(int fd)
{
	struct stat st {};
	struct statvfs fs {};
	if (fstat(fd, &st) < 0 || fstatvfs(fd, &fs) < 0)
		return std::nullopt;
	return identity{st.st_dev, st.st_ino, fs.f_fsid};
}

source_tree::source_tree(std::string path)
	: path_(std::move(path))
{
	const descriptor fd = open_directory(path_);
	const auto found = fd ? identify(fd.get()) : std::nullopt;
	if (!found)
		throw error(errno, "cannot mirror " + quote(path_) + ": " +
					   std::strerror(errno) +
					   "; look at it with 'ls -ld'");
	identity_ = *found;
}

std::string source_tree::identity_text() const
{
	return std::to_string(identity_.device) + ' ' +
	       std::to_string(identity_.inode) + ' ' +
	       std::to_string(identity_.filesystem);
}

descriptor source_tree::open() const
{
	descriptor fd = open_directory(path_);
	if (!fd || identify(fd.get()) != identity_)
		return {};
	return fd;
}

std::optional<std::string> source_tree::lost() const
{
	const descriptor fd = open_directory(path_);
	if (!fd)
		return "cannot open it: " + std::string(std::strerror(errno));
	const auto found = identify(fd.get());
	if (!found || found->device != identity_.device ||
	    found->filesystem != identity_.filesystem)
		return "source unmounted";
	if (found->inode != identity_.inode)
		return "source replaced by another directory";
	return std::nullopt;
}

} // namespace imon::mirrord
