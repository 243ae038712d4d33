// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_SELECTED_HPP
#define IMON_MIRRORD_SELECTED_HPP

#include <vector>

#include <imon/error.hpp>

#include "steering.hpp"

namespace imon::mirrord {

/// Of the mirrors those meant, with the replicas meant.
std::vector<mirror_report> selected(std::vector<mirror_report> mirrors,
				    const selection &which);

/// Nothing that exists was meant.
error no_such(const selection &which);

} // namespace imon::mirrord

#endif
