// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_SOURCE_HPP
#define IMON_MIRROR_SOURCE_HPP

#include "finding.hpp"
#include "settings.hpp"

namespace imon::mirror {

/// Whether a tree can be read, and watched by who runs this.
findings examine_source(const mirrord::mirror_settings &m);

} // namespace imon::mirror

#endif
