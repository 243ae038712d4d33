// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_SETTINGS_JSON_HPP
#define IMON_MIRRORD_SETTINGS_JSON_HPP

#include <nlohmann/json_fwd.hpp>

#include "settings.hpp"

namespace imon::mirrord {

/// An object whose members are called as in settings.hpp; durations in the
/// unit that they have there.
nlohmann::ordered_json as_json(const settings &s);

/// The way back.
/// @throws nlohmann::json::exception for what is no such object
settings settings_of(const nlohmann::ordered_json &object);

} // namespace imon::mirrord

#endif
