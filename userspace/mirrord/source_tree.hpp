// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_SOURCE_TREE_HPP
#define IMON_MIRRORD_SOURCE_TREE_HPP

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string>

#include "descriptor.hpp"

namespace imon::mirrord {

/// The directory that is mirrored, and the guard that it still is the one.
///
/// Holds no descriptor: that would keep its filesystem from being unmounted.
class source_tree {
public:
	/// Remembers which directory @p path names now.
	/// @throws error
	explicit source_tree(std::string path);

	const std::string &path() const { return path_; }
	std::uint64_t inode() const { return identity_.inode; }
	/// Device, inode and filesystem, to be compared later.
	std::string identity_text() const;

	/// Opens the directory; none when the path no longer names it.
	descriptor open() const;

	/// Why the path no longer names the directory, in words; nothing when
	/// it does.
	std::optional<std::string> lost() const;

private:
	struct identity {
		dev_t device;
		ino_t inode;
		unsigned long long filesystem;

		bool operator==(const identity &) const = default;
	};

	static std::optional<identity> identify(int fd);

	std::string path_;
	identity identity_{};
};

} // namespace imon::mirrord

#endif
