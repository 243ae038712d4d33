// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_MONITOR_ARGUMENTS_HPP
#define IMON_TOOLS_MONITOR_ARGUMENTS_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <linux/imon.h>

namespace CLI {
class App;
}

namespace imon::tools {

/// What the user says about a monitor that is to be made.
struct monitor_arguments {
	std::uint32_t mode = IMON_MODE_LOG;
	std::uint32_t mask = 0;
	std::uint64_t queue_bytes = 0;

	/// Declares --mode, --mask and --queue.
	void declare(CLI::App &app);
};

} // namespace imon::tools

#endif
