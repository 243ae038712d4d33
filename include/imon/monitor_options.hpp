// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_MONITOR_OPTIONS_HPP
#define IMON_MONITOR_OPTIONS_HPP

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <linux/imon.h>

namespace imon {

/// How a monitor is made; zero and empty mean the module's default.
struct monitor_options {
	/// A named monitor outlives its reader and collects while it is away.
	std::string name{};
	std::uint32_t mode = IMON_MODE_LOG;
	/// Bound of the queue in bytes of kernel memory.
	std::uint64_t queue_bytes = 0;
	/// Shortest time between two wake-ups.
	std::chrono::microseconds window{0};
	/// Who may attach to it and nothing else, instead of its maker. Only
	/// of a named monitor.
	std::optional<std::uint32_t> uid{};
	/// How long a named monitor without a reader keeps its records; then
	/// all it watches counts as changed.
	std::chrono::seconds retention{0};
	/// Whether each event says which process made the change.
	bool actor = false;
};

} // namespace imon

#endif
