// SPDX-License-Identifier: LGPL-2.1-or-later
#include "handle_tree.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <optional>
#include <thread>

#include <imon/error.hpp>

namespace imon {

namespace {

/// A struct file_handle with room for any.
class handle_buffer {
public:
	handle_buffer() { get()->handle_bytes = MAX_HANDLE_SZ; }
	explicit handle_buffer(const std::string &bytes)
	{
		std::memcpy(bytes_.data(), bytes.data(),
			    std::min(bytes.size(), bytes_.size()));
	}
	file_handle *get()
	{
		return reinterpret_cast<file_handle *>(bytes_.data());
	}
	std::string bytes()
	{
		return {bytes_.data(),
			sizeof(file_handle) + get()->handle_bytes};
	}

private:
	alignas(file_handle)
		std::array<char, sizeof(file_handle) + MAX_HANDLE_SZ> bytes_{};
};

std::string handle_of(int dirfd)
{
	handle_buffer handle;
	int mount = 0;
	if (name_to_handle_at(dirfd, "", handle.get(), &mount, AT_EMPTY_PATH) <
	    0)
		return {};
	return handle.bytes();
}

/// While an inode's number is given to a new one, the handle of the old one is
/// ENOMEM and not ESTALE (iget_locked() in Linux), and no event says when that
/// is over.
open_file open_handle(const open_file &root, const std::string &handle)
{
	handle_buffer buffer(handle);
	for (int attempt = 0;; attempt++) {
		open_file file(open_by_handle_at(root.get(), buffer.get(),
						 O_PATH | O_CLOEXEC));
		if (file || errno != ENOMEM || attempt == 100)
			return file;
		std::this_thread::sleep_for(std::chrono::milliseconds(1));
	}
}

whereabouts::object describe(const open_file &file)
{
	struct stat st {};
	// What was removed in the meantime may still be open somewhere.
	if (!file && errno == ESTALE)
		return {.is = whereabouts::state::gone};
	if (!file || fstat(file.get(), &st) < 0)
		return {.error = errno};
	return {.is = st.st_nlink ? whereabouts::state::inside
				  : whereabouts::state::gone,
		.type = st.st_mode & S_IFMT,
		.inode = st.st_ino,
		.device = st.st_dev,
		.links = st.st_nlink};
}

/// The path of what is open; nothing when it is too long.
std::optional<std::string> path_of(int fd)
{
	std::array<char, PATH_MAX> path;
	const std::string link = "/proc/self/fd/" + std::to_string(fd);
	const ssize_t length = readlink(link.c_str(), path.data(), path.size());
	if (length < 0 || static_cast<std::size_t>(length) == path.size())
		return std::nullopt;
	return std::string(path.data(), static_cast<std::size_t>(length));
}

} // namespace

handle_tree::handle_tree(int dirfd)
	: path_(path_of(dirfd).value_or(""))
	, handle_(handle_of(dirfd))
{
	if (handle_.empty())
		throw error(errno, "its filesystem has no file handles");
	struct statfs fs {};
	if (fstatfs(dirfd, &fs) == 0)
		filesystem_.assign(reinterpret_cast<const char *>(&fs.f_fsid),
				   sizeof fs.f_fsid);
	if (!open())
		throw error(ENOENT, "its path does not lead to it");
	const object root = look_at(handle_);
	if (root.is == state::unknown)
		throw error(root.error,
			    root.error == EPERM
				    ? "to open files by handle takes "
				      "CAP_DAC_READ_SEARCH"
				    : "cannot open files by handle");
	device_ = root.device;
	close();
}

bool handle_tree::open()
{
	if (root_)
		return true;
	// To open by handle takes more than O_PATH.
	root_ = open_file(::open(path_.c_str(), O_RDONLY | O_DIRECTORY |
							O_NOFOLLOW |
							O_CLOEXEC));
	if (root_ && handle_of(root_.get()) != handle_)
		root_ = open_file();
	return static_cast<bool>(root_);
}

bool handle_tree::close()
{
	const bool there = !root_ || path_of(root_.get()) == path_;
	root_ = open_file();
	directories_.clear();
	return there;
}

whereabouts::place handle_tree::relative(const std::string &absolute) const
{
	const std::string below = path_ == "/" ? path_ : path_ + '/';
	if (absolute == path_)
		return {.is = state::inside};
	if (absolute.starts_with(below))
		return {.is = state::inside,
			.path = absolute.substr(below.size())};
	return {.is = state::outside, .path = absolute};
}

bool handle_tree::is_above(const std::string &absolute) const
{
	return absolute == path_ || path_.starts_with(absolute + '/');
}

whereabouts::place handle_tree::directory(const std::string &handle)
{
	const auto [known, fresh] = directories_.try_emplace(handle);
	if (!fresh)
		return known->second;
	const open_file dir = open_handle(root_, handle);
	place &at = known->second;
	const object what = describe(dir);
	if (what.is != state::inside)
		return at = {.is = what.is, .error = what.error};
	const auto path = path_of(dir.get());
	return at = path ? relative(*path) : place{.error = ENAMETOOLONG};
}

whereabouts::place handle_tree::file(const std::string &handle)
{
	const open_file file = open_handle(root_, handle);
	const object what = describe(file);
	const auto path = file ? path_of(file.get()) : std::nullopt;
	struct stat st {};
	// A name that was removed, or none at all, leads elsewhere.
	if (!path || lstat(path->c_str(), &st) < 0 || st.st_ino != what.inode ||
	    st.st_dev != what.device)
		return {};
	return relative(*path);
}

whereabouts::object handle_tree::look_at(const std::string &handle)
{
	return describe(open_handle(root_, handle));
}

bool handle_tree::is_at(const std::string &path, const object &what)
{
	struct stat st {};
	return fstatat(root_.get(), path.c_str(), &st, AT_SYMLINK_NOFOLLOW) ==
		       0 &&
	       st.st_ino == what.inode && st.st_dev == what.device;
}

bool handle_tree::is_native(const object &what)
{
	return what.device == device_;
}

} // namespace imon
