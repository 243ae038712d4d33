// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_SETTINGS_TEXT_HPP
#define IMON_MIRRORD_SETTINGS_TEXT_HPP

#include <string>

#include "settings.hpp"

namespace imon::mirrord {

/// What is in force, with every default, as a configuration that says the same:
/// mirrord.toml(5).
std::string as_toml(const settings &all);

/// The same under the same keys.
std::string as_json_text(const settings &all);

} // namespace imon::mirrord

#endif
