// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_OPTIONS_HPP
#define IMON_MIRRORD_OPTIONS_HPP

#include "settings.hpp"

namespace imon::mirrord {

/// Reads the command line. On --help, --version or a mistake it prints and
/// exits, with status 2 for a mistake.
/// @throws error for what only a look at the file system shows
settings parse_options(int argc, char **argv);

} // namespace imon::mirrord

#endif
