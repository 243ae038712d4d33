// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_CONFIG_HPP
#define IMON_MIRRORD_CONFIG_HPP

#include <string>
#include <string_view>

#include "settings.hpp"

namespace imon::mirrord {

/// Reads a configuration, mirrord.toml(5).
/// @throws error with all that is wrong, a line for each
settings read_config(const std::string &file);

/// The same of its contents.
/// @param file  its name, for messages
settings parse_config(std::string_view text, const std::string &file);

} // namespace imon::mirrord

#endif
