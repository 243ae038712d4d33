// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_WATCH_OPTIONS_HPP
#define IMON_WATCH_OPTIONS_HPP

#include <cstdint>
#include <string>

#include <linux/imon.h>

namespace imon {

/// What a watch covers and reports.
struct watch_options {
	/// IMON_SCOPE_*: the tree below a directory, the names in it, or one
	/// object of any type.
	std::uint32_t scope = IMON_SCOPE_TREE;
	/// IMON_EVENT_* wanted; 0 for the default.
	std::uint32_t mask = 0;
	/// Shown in listings, usually the path. Only trees have one.
	std::string label{};
};

} // namespace imon

#endif
