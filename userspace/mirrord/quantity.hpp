// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_QUANTITY_HPP
#define IMON_MIRRORD_QUANTITY_HPP

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace imon::mirrord {

/// A time: "0", or a whole number and one of ms, s, m, h, d, w.
/// @throws error EINVAL with a sentence; the longest is ten years
std::chrono::milliseconds parse_duration(std::string_view text);

/// A rate in bytes a second: "0" for no limit, or a whole number and one of K,
/// M, G, of 1024 each.
/// @return KiB a second; @throws error EINVAL with a sentence
std::uint64_t parse_rate(std::string_view text);

/// As the functions above read it, with the largest unit that fits.
std::string duration_text(std::chrono::milliseconds time);
std::string rate_text(std::uint64_t kib);

} // namespace imon::mirrord

#endif
