// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_FINDING_HPP
#define IMON_MIRROR_FINDING_HPP

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace imon::mirror {

enum class verdict { ok, warn, fail };

/// What the doctor says of one thing.
struct finding {
	verdict how = verdict::ok;
	std::string about{}; ///< what was looked at
	std::string what{};  ///< how it is, a printable phrase
	std::string mend{};  ///< what to do about it; empty when it is well
};

using findings = std::vector<finding>;

/// Whether something keeps mirroring from working.
bool any_failed(const findings &all);

/// For people: a line each, and one that sums up.
std::string findings_text(const findings &all);
nlohmann::ordered_json as_json(const findings &all);

} // namespace imon::mirror

#endif
