// SPDX-License-Identifier: GPL-2.0-or-later
#include "replica_wait.hpp"

#include <cerrno>

#include <imon/error.hpp>

#include "quote.hpp"
#include "selected.hpp"

namespace imon::mirrord {

replica_wait::replica_wait(steering &daemon, selection which,
			   std::uint64_t quorum)
	: upto_(daemon.now())
	, which_(std::move(which))
	, quorum_(quorum)
{
}

replica_wait::result replica_wait::look(steering &daemon) const
{
	refuse_halted(daemon);
	result all{.reached = true};
	for (const auto &[mirror, seq] : upto_) {
		if (!which_.mirror.empty() && which_.mirror != mirror)
			continue;
		const auto here = daemon.holding(
			upto_, {.mirror = mirror, .replica = which_.replica});
		// The replica asked for may be another mirror's.
		if (!here.meant)
			continue;
		if (quorum_ > here.meant)
			throw error(EINVAL,
				    quote(mirror) + " has no " +
					    std::to_string(quorum_) +
					    " such replicas, only " +
					    std::to_string(here.meant) +
					    "; ask for fewer with --quorum");
		all.meant += here.meant;
		all.holding += here.holding;
		all.reached &= here.holding >= (quorum_ ? quorum_ : here.meant);
	}
	if (!all.meant)
		throw no_such(which_);
	return all;
}

void replica_wait::refuse_halted(steering &daemon) const
{
	for (const mirror_report &m : selected(daemon.report(), which_))
		if (m.state == "halted")
			throw error(ECANCELED,
				    quote(m.name) +
					    " is halted: " + quote(m.halted) +
					    "; see: imon-mirror status");
}

} // namespace imon::mirrord
