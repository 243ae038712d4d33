// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_MONITOR_OUTPUT_HPP
#define IMON_TOOLS_MONITOR_OUTPUT_HPP

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <imon/admin.hpp>

namespace imon::tools {

/// How listings call a monitor: its name or, without one, "#ID".
std::string title_of(const monitor_info &monitor);

/// How listings call a watch: by its label or, without one, "#ID".
std::string title_of(const watch_info &watch);

/// A monitor with all that the module says about it.
nlohmann::ordered_json as_json(const monitor_info &monitor);

/// A monitor and those of @p watches that are its own, as lines for a reader.
std::string as_text(const monitor_info &monitor,
		    const std::vector<watch_info> &watches);

nlohmann::ordered_json as_json(const watch_info &watch);

} // namespace imon::tools

#endif
