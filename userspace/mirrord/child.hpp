// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_CHILD_HPP
#define IMON_MIRRORD_CHILD_HPP

#include "descriptor.hpp"
#include "launcher.hpp"
#include "poller.hpp"
#include "source_tree.hpp"

namespace imon::mirrord {

/// Starts real processes and watches them through a poller.
///
/// The child enters the source directory only after it has made sure that it
/// is the right one, and runs inside of it: whatever is mounted over or
/// unmounted later, it never takes an empty directory for the source. It
/// gets a session of its own, so that a terminal's ^C is the daemon's to
/// handle, and ends with the daemon, however that ends.
class child_launcher final : public launcher {
public:
	child_launcher(poller &loop, const source_tree &source)
		: loop_(loop)
		, source_(source)
	{
	}

	std::unique_ptr<job> start(const std::vector<std::string> &argv,
				   std::string input, output printed,
				   done ended) override;

private:
	poller &loop_;
	const source_tree &source_;
};

} // namespace imon::mirrord

#endif
