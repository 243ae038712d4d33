// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_LEFT_OUT_HPP
#define IMON_MIRROR_LEFT_OUT_HPP

#include <vector>

#include "report.hpp"
#include "settings.hpp"

namespace imon::mirror {

/// Says of those paths that filters leave out that they are filtered, and by what.
/// The daemon does not know, and must not wait: rsync is asked, here.
/// @throws error when it does not answer
void mark_left_out(std::vector<mirrord::path_report> &paths,
		   const mirrord::settings &in_force);

} // namespace imon::mirror

#endif
