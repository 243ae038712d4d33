// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_STATUS_TEXT_HPP
#define IMON_MIRROR_STATUS_TEXT_HPP

#include <string>
#include <vector>

#include "report.hpp"

namespace imon::mirror {

/// For people: a table for each mirror, and below it what is not well.
std::string status_text(const std::vector<mirrord::mirror_report> &mirrors,
			mirrord::wall_time now);

/// Something will not get well by itself, or was told to wait for somebody.
bool needs_somebody(const std::vector<mirrord::mirror_report> &mirrors);

/// For people: why a path is on a replica, or is not.
std::string why_text(const mirrord::path_report &path);

} // namespace imon::mirror

#endif
