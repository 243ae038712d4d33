// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_TREE_HPP
#define IMON_TOOLS_TREE_HPP

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

namespace imon::tools {

/// A file descriptor that closes itself.
class unique_fd {
public:
	explicit unique_fd(int fd) noexcept
		: fd_(fd)
	{
	}
	unique_fd(unique_fd &&other) noexcept
		: fd_(std::exchange(other.fd_, -1))
	{
	}
	unique_fd &operator=(unique_fd &&) = delete;
	~unique_fd()
	{
		if (fd_ >= 0)
			::close(fd_);
	}

	int get() const noexcept { return fd_; }

private:
	int fd_;
};

/// A directory that is to be watched with everything below it.
struct tree {
	unique_fd fd;
	std::string name;  ///< as the user gave it, without slashes at its end
	std::string label; ///< absolute: names it in listings
};

/// @throws error saying which of the directories cannot be opened, and why
std::vector<tree> open_trees(const std::vector<std::string> &paths);

/// Calls @p add with each tree; an error of it then names the directory, which
/// the module does not know.
void add_trees(const std::vector<tree> &trees,
	       const std::function<void(const tree &)> &add);

} // namespace imon::tools

#endif
