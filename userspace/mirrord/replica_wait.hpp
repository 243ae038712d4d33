// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_REPLICA_WAIT_HPP
#define IMON_MIRRORD_REPLICA_WAIT_HPP

#include <cstddef>
#include <cstdint>

#include "steering.hpp"

namespace imon::mirrord {

/// Somebody waits until replicas hold all that happened before: of each mirror
/// meant either all replicas meant, or a number of them.
class replica_wait {
public:
	/// @param quorum  how many replicas of each mirror; 0: all
	/// @throws error when that cannot come true
	replica_wait(steering &daemon, selection which, std::uint64_t quorum);

	struct result {
		bool reached = false;
		std::size_t meant = 0, holding = 0;
		bool operator==(const result &) const = default;
	};
	/// How far it is.
	/// @throws error when it cannot come true any more
	result look(steering &daemon) const;

private:
	void refuse_halted(steering &daemon) const;

	bookmark upto_;
	selection which_;
	std::uint64_t quorum_;
};

} // namespace imon::mirrord

#endif
