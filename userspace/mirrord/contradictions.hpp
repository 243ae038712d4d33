// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_CONTRADICTIONS_HPP
#define IMON_MIRRORD_CONTRADICTIONS_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "settings.hpp"

namespace imon::mirrord {

/// Something that is right by itself, but not together with the rest.
struct contradiction {
	std::size_t mirror; ///< its place in settings::mirrors
	std::optional<std::size_t> replica;
	std::string sentence;
};

/// What must not be: a name, a tree or a replica given twice; a replica within
/// its source or around it, which would be mirrored into itself for ever; one
/// within another mirror's source or replica, where each would delete what the
/// other brings.
std::vector<contradiction> contradictions(const settings &all);

} // namespace imon::mirrord

#endif
