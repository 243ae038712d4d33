// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_COMMAND_LINE_HPP
#define IMON_MIRRORD_COMMAND_LINE_HPP

#include <string>
#include <vector>

#include "settings.hpp"

namespace imon::mirrord {

/// The configuration that is read when nothing else is said.
extern const char *const default_config;

/// Reads the command line, and the configuration if it is to be read: again
/// with every call. Called fam_mirror, it understands that one's arguments. On
/// --help, --version, --check or a mistake of usage it prints and exits, with
/// status 2 for a mistake.
/// @throws error for what only a look at the file system shows
settings parse_command_line(int argc, char **argv);

/// Adds a mirror like @p like for each directory, with a replica like @p how for
/// each of @p to.
/// @throws error if one of them cannot be, or not with the others
void add_mirrors(settings &all, const std::vector<std::string> &directories,
		 const mirror_settings &like,
		 const std::vector<std::string> &to,
		 const replica_settings &how);

} // namespace imon::mirrord

#endif
