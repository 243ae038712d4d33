// SPDX-License-Identifier: GPL-2.0-or-later
#include "target.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>

#include <linux/imon.h>

namespace imon::tools {

namespace {

std::string why_not(int errno_value)
{
	switch (errno_value) {
	case ENOENT:
		return " does not exist; give a path that does";
	case ENOTDIR:
		return " is not a directory; give the one that it is in, or "
		       "watch it alone with --scope inode";
	case EACCES:
	case EPERM:
		return " may not be opened; run imon as root";
	default:
		return std::string(" cannot be opened: ") +
		       std::strerror(errno_value);
	}
}

/// The same, open for reading if it can be, as the module wants of a user where
/// a server (of FUSE, NFS) says what may be read. Only files and directories:
/// to open a device may do something.
unique_fd for_reading(unique_fd fd)
{
	struct stat st {};
	if (fstat(fd.get(), &st) ||
	    !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return fd;
	const auto self = "/proc/self/fd/" + std::to_string(fd.get());
	unique_fd readable(
		::open(self.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
	return readable.get() < 0 ? std::move(fd) : std::move(readable);
}

target open_target(std::string path, std::uint32_t scope)
{
	const int kind = scope == IMON_SCOPE_INODE ? 0 : O_DIRECTORY;
	unique_fd fd(::open(path.c_str(), O_PATH | O_CLOEXEC | kind));
	if (fd.get() < 0) {
		const int why = errno;
		throw error(why, quoted_name(path) + why_not(why));
	}
	std::error_code failed;
	const auto absolute = std::filesystem::canonical(path, failed);
	while (path.size() > 1 && path.back() == '/')
		path.pop_back();
	const auto label = failed ? path : absolute.string();
	return {scope == IMON_SCOPE_TREE ? std::move(fd)
					 : for_reading(std::move(fd)),
		std::move(path), label};
}

} // namespace

std::vector<target> open_targets(const std::vector<std::string> &paths,
				 std::uint32_t scope)
{
	std::vector<target> targets;
	targets.reserve(paths.size());
	for (const auto &path : paths)
		targets.push_back(open_target(path, scope));
	return targets;
}

} // namespace imon::tools
