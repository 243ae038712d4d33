// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_REPLICA_TRIALS_HPP
#define IMON_MIRROR_REPLICA_TRIALS_HPP

#include <vector>

#include "finding.hpp"
#include "settings.hpp"
#include "trial.hpp"

namespace imon::mirror {

/// Asks imon-apply on the replica how it is there.
trial apply_trial(const mirrord::replica_settings &r);
/// Connects as rsync does for a batch, and changes nothing.
trial rsync_trial(const mirrord::replica_settings &r);
/// Begins to write as well: an rsync daemon may let us in and not do that.
trial write_trial(const mirrord::replica_settings &r);

/// What the ends of the last two say.
findings judge_write(const mirrord::replica_settings &r,
		     const trial_result &rsync, const trial_result &write);
/// What those of the first two say of the replica.
/// @param may_be_made  the daemon makes what is missing of its path
findings judge_replica(const mirrord::replica_settings &r, bool may_be_made,
		       const trial_result &apply, const trial_result &rsync);

} // namespace imon::mirror

#endif
