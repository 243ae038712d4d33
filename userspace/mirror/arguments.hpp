// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_ARGUMENTS_HPP
#define IMON_MIRROR_ARGUMENTS_HPP

#include <string>

#include "control_request.hpp"
#include "daemon_link.hpp"

namespace CLI {
class App;
}

namespace imon::mirror {

/// What every subcommand takes: which daemon is asked, and how it is answered.
struct arguments {
	std::string instance;
	std::string socket;
	bool json = false;
	mirrord::control_request request;

	/// @throws error when there is no such daemon
	daemon_link connect() const;
};

/// Declares them.
void add_common(CLI::App &app, arguments &args);
/// Declares --mirror and --replica, which choose replicas.
void add_selection(CLI::App &app, arguments &args);

} // namespace imon::mirror

#endif
