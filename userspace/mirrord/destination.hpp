// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_DESTINATION_HPP
#define IMON_MIRRORD_DESTINATION_HPP

#include <string>

namespace imon::mirrord {

/// Where a replica is and how to get there.
struct destination {
	enum class way { local, shell, rsyncd };

	way by = way::local;
	/// As the user wrote it; names the replica in messages.
	std::string name;
	/// What rsync takes as its destination, with a slash at the end.
	std::string target;

	bool operator==(const destination &) const = default;
};

/// Understands host, host:/path, rsync://host[:port]/module[/path],
/// host::module[/path] and /path.
/// @param root  the source's absolute path, which a bare host gets too
/// @throws error EINVAL with a sentence
destination parse_destination(const std::string &text, const std::string &root);

} // namespace imon::mirrord

#endif
