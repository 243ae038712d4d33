// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_MACHINE_HPP
#define IMON_MIRROR_MACHINE_HPP

#include "finding.hpp"
#include "settings.hpp"
#include "trial.hpp"

namespace imon::mirror {

/// The kernel, and its module.
findings examine_kernel(const mirrord::settings &wanted);
/// What the daemon needs on this machine, and whether it runs.
findings examine_daemon(const mirrord::settings &wanted);

/// @param version  what 'rsync --version' gave
finding judge_rsync_here(const std::string &program,
			 const trial_result &version);

} // namespace imon::mirror

#endif
