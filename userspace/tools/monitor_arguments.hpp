// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_MONITOR_ARGUMENTS_HPP
#define IMON_TOOLS_MONITOR_ARGUMENTS_HPP

#include <imon/monitor_options.hpp>

namespace CLI {
class App;
}

namespace imon::tools {

/// Declares --mode, --queue, --window and --actor for a monitor that is to be
/// made, to be read into @p options, which must stay where it is.
void declare_monitor_arguments(CLI::App &app, monitor_options &options);

/// Declares --user and --retention, for a monitor without a reader.
void declare_detached_arguments(CLI::App &app, monitor_options &options);

} // namespace imon::tools

#endif
