// SPDX-License-Identifier: GPL-2.0-or-later
#include "named_monitor.hpp"

#include "monitor_output.hpp"

namespace imon::tools {

monitor_info find_monitor(admin &module, const std::string &name)
{
	for (auto &m : module.monitors())
		if (title_of(m) == name)
			return m;
	return with_monitor(name, []() -> monitor_info {
		throw error(ENOENT, "no monitor has this name");
	});
}

} // namespace imon::tools
