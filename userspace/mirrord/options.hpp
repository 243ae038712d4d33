// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_OPTIONS_HPP
#define IMON_MIRRORD_OPTIONS_HPP

#include <chrono>
#include <string>
#include <vector>

#include "destination.hpp"

namespace imon::mirrord {

/// What the user asked for.
struct options {
	std::string root; ///< absolute
	std::vector<destination> replicas;
	std::string rsync = "rsync";
	/// The remote shell as rsync's -e takes it: one argument, which rsync
	/// splits into words itself.
	std::string rsh =
		"ssh -oBatchMode=yes -oConnectTimeout=30 -oServerAliveInterval=15";
	std::vector<std::string> rsync_options;
	std::vector<std::string> excludes;
	std::chrono::milliseconds window{5};
	bool verbose = false;
};

/// Reads the command line. On --help, --version or a mistake it prints and
/// exits, with status 2 for a mistake.
/// @throws error for what only a look at the file system shows
options parse_options(int argc, char **argv);

} // namespace imon::mirrord

#endif
