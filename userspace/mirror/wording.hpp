// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_WORDING_HPP
#define IMON_MIRROR_WORDING_HPP

#include <cstdint>
#include <optional>
#include <string>

#include "report.hpp"

namespace imon::mirror {

/// 12345 as "12,345".
std::string count_text(std::uint64_t n);
/// A number of things: "1 path", "2 paths".
std::string count_of(std::uint64_t n, const std::string &thing);
/// How long: "0.3 s", "12 s", "5 min", "3 h", "2 days".
std::string time_text(double seconds);
/// How long ago: "5 min ago"; "never".
std::string age_text(std::optional<mirrord::wall_time> when,
		     mirrord::wall_time now);

} // namespace imon::mirror

#endif
