// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_NEAREST_HPP
#define IMON_MIRRORD_NEAREST_HPP

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imon::mirrord {

/// Which of @p words was probably meant by the mistyped @p word; none when all
/// are too different.
std::optional<std::string> nearest(std::string_view word,
				   const std::vector<std::string> &words);

} // namespace imon::mirrord

#endif
