// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_DRY_RUN_HPP
#define IMON_MIRRORD_DRY_RUN_HPP

#include "poller.hpp"
#include "settings.hpp"

namespace imon::mirrord {

/// Prints what would be sent to each replica and deleted there, as rsync's
/// --itemize-changes does, and sends nothing.
/// @return whether every replica could be compared
bool dry_run(const settings &all, poller &loop);

} // namespace imon::mirrord

#endif
