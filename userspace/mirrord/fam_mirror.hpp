// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_FAM_MIRROR_HPP
#define IMON_MIRRORD_FAM_MIRROR_HPP

#include "settings.hpp"

namespace imon::mirrord {

/// Reads the command line and the environment of fam_mirror(8), as
/// parse_command_line() does its own.
settings parse_fam_mirror(int argc, char **argv);

} // namespace imon::mirrord

#endif
