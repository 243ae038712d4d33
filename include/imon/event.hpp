// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_EVENT_HPP
#define IMON_EVENT_HPP

#include <cstdint>
#include <optional>
#include <string>

#include <linux/imon.h>

namespace imon {

/// The process that made a change.
struct actor {
	std::uint32_t pid = 0; ///< in the initial pid namespace
	std::uint32_t uid = 0; ///< effective, in the initial user namespace
	std::string comm{};    ///< its name, cut to 15 bytes by Linux

	bool operator==(const actor &) const = default;
};

/// One record of a monitor. See IMON_EVENT_* in <linux/imon.h> for the bits
/// of @c mask; after a merge several of them are set.
struct event {
	/// Position in the monitor's queue; what ack() takes.
	std::uint64_t seq = 0;
	/// The watch that it belongs to, as add() returned it.
	std::uint32_t watch = 0;
	std::uint32_t mask = 0;
	/// File type as in the S_IFMT bits of st_mode; 0 if unknown.
	std::uint32_t type = 0;
	std::uint64_t ino = 0;
	/// Names, relative to the root: bytes, no leading slash, empty for the
	/// root itself. A rename has both; one that left the tree has only
	/// path, one that came in has only new_path. Every other record has path.
	std::optional<std::string> path{};
	std::optional<std::string> new_path{};
	/// Who made the newest change in it, if the monitor was to say.
	std::optional<actor> who{};

	bool operator==(const event &) const = default;
};

} // namespace imon

#endif
