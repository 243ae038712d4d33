// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace imon::apply {

namespace {

/// A name in a directory that is held open.
struct place {
	descriptor directory;
	std::string name;

	place(int root, const std::string &path)
	{
		const std::size_t slash = path.rfind('/');
		const bool top = slash == std::string::npos;
		name = top ? path : path.substr(slash + 1);
		directory = open_beneath(
			root, top ? "." : path.substr(0, slash), O_PATH);
	}

	bool look(struct stat &st) const
	{
		return fstatat(directory.get(), name.c_str(), &st,
			       AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0;
	}
};

std::int64_t mtime_ns(const struct stat &st)
{
	return std::int64_t{st.st_mtim.tv_sec} * 1'000'000'000 +
	       st.st_mtim.tv_nsec;
}

/// @return how it differs from what is meant; empty: not at all
std::string compare(const struct stat &st, const move &m)
{
	if ((st.st_mode & S_IFMT) != m.type)
		return "its type differs";
	// What a directory holds is for others to bring into line.
	if (m.type == S_IFDIR)
		return {};
	if (static_cast<std::uint64_t>(st.st_size) != m.size)
		return "its size differs";
	return mtime_ns(st) != m.mtime_ns ? "its time differs" : "";
}

} // namespace

descriptor open_beneath(int root, const std::string &path, int flags)
{
	open_how how{};
	how.flags = static_cast<unsigned>(flags | O_DIRECTORY | O_CLOEXEC);
	how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
		      RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
	return descriptor(static_cast<int>(
		syscall(SYS_openat2, root, path.c_str(), &how, sizeof how)));
}

std::string in_words(int errno_value)
{
	switch (errno_value) {
	case ELOOP:
		return "a symbolic link is in the way";
	case EXDEV:
		return "another filesystem is mounted in the way";
	case ENOSYS:
		return "Linux 5.6 or newer is needed";
	default:
		return std::strerror(errno_value);
	}
}

std::string execute(int root, const move &m)
{
	const place from(root, m.old_path);
	if (!from.directory)
		return "above the old name: " + in_words(errno);
	struct stat is {};
	if (!from.look(is))
		return "the old name: " + in_words(errno);
	if (std::string difference = compare(is, m); !difference.empty())
		return difference;

	const place to(root, m.new_path);
	if (!to.directory)
		return "above the new name: " + in_words(errno);
	// Linux would do nothing and call it success.
	struct stat there {};
	if (to.look(there) && there.st_dev == is.st_dev &&
	    there.st_ino == is.st_ino)
		return "both are names of one file";
	if (renameat2(from.directory.get(), from.name.c_str(),
		      to.directory.get(), to.name.c_str(),
		      m.replace ? 0 : RENAME_NOREPLACE) < 0)
		return in_words(errno);
	return {};
}

} // namespace imon::apply
