// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_REPORT_JSON_HPP
#define IMON_MIRRORD_REPORT_JSON_HPP

#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "report.hpp"

namespace imon::mirrord {

/// Reports as arrays of objects, whose members are called as in report.hpp.
nlohmann::ordered_json as_json(const std::vector<mirror_report> &mirrors);
nlohmann::ordered_json as_json(const std::vector<path_report> &paths);

/// The way back.
/// @throws nlohmann::json::exception for what is no such array
std::vector<mirror_report> mirrors_of(const nlohmann::ordered_json &array);
std::vector<path_report> paths_of(const nlohmann::ordered_json &array);

} // namespace imon::mirrord

#endif
