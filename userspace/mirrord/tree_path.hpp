// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_TREE_PATH_HPP
#define IMON_MIRRORD_TREE_PATH_HPP

#include <string>
#include <string_view>

namespace imon::mirrord {

// Paths relative to the root of a tree: bytes, no slash at the ends, empty for
// the root itself.

/// The directory that a path is in; of the root the root.
inline std::string above(const std::string &path)
{
	const std::size_t slash = path.rfind('/');
	return slash == std::string::npos ? std::string()
					  : path.substr(0, slash);
}

/// Whether @p inner is @p outer or below it.
inline bool within(std::string_view outer, std::string_view inner)
{
	return outer.empty() || inner == outer ||
	       (inner.size() > outer.size() && inner.starts_with(outer) &&
		inner[outer.size()] == '/');
}

} // namespace imon::mirrord

#endif
