// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_NAMED_MONITOR_HPP
#define IMON_TOOLS_NAMED_MONITOR_HPP

#include <cerrno>
#include <string>

#include <imon/admin.hpp>
#include <imon/error.hpp>

namespace imon::tools {

/// Does something with the monitor called @p name. The module's refusals do
/// not say which monitor, nor what to do next; this adds both.
template <typename work>
auto with_monitor(const std::string &name, const work &do_it)
{
	try {
		return do_it();
	} catch (const error &e) {
		const auto about = "monitor " + name + ": " + e.sentence();
		switch (e.code().value()) {
		case ENOENT:
		case EBUSY:
			throw error(e.code().value(),
				    about + "; see: imon list");
		case EEXIST:
			throw error(EEXIST,
				    about +
					    "; read it with: imon watch "
					    "--attach " +
					    name);
		default:
			throw;
		}
	}
}

/// The monitor called @p name, or "#ID" as listings call those without one.
/// @throws error ENOENT
monitor_info find_monitor(admin &module, const std::string &name);

} // namespace imon::tools

#endif
