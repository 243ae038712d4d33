// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_STEERING_HPP
#define IMON_MIRRORD_STEERING_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "report.hpp"
#include "settings.hpp"

namespace imon::mirrord {

/// Which replicas are meant, by name; empty means all.
struct selection {
	std::string mirror{};
	std::string replica{};
};

/// Changes made so far: for each mirror its newest event.
using bookmark = std::map<std::string, std::uint64_t>;

/// What may be asked of the running daemon. Called from the event loop; none
/// of it waits. What returns a number returns how many replicas were meant; 0
/// is a mistake of the one who asked.
class steering {
public:
	virtual ~steering() = default;

	virtual std::vector<mirror_report> report() = 0;
	/// What the user asked for, as it is in force.
	virtual const settings &in_force() = 0;
	/// @param path  bytes, absolute or relative to a root
	virtual std::vector<path_report> why(const std::string &path) = 0;

	/// Everything that happened before the call.
	virtual bookmark now() = 0;
	/// Of the replicas meant, how many there are and how many hold all up
	/// to the bookmark.
	struct count {
		std::size_t meant = 0, holding = 0;
	};
	virtual count holding(const bookmark &upto, const selection &which) = 0;

	/// No batch is started until resume().
	virtual std::size_t pause(const selection &which) = 0;
	virtual std::size_t resume(const selection &which) = 0;
	/// Tries again at once what waits for another attempt.
	virtual std::size_t flush(const selection &which) = 0;
	/// Compares everything by content.
	virtual std::size_t verify(const selection &which) = 0;
	/// Lets held deletions happen.
	virtual std::size_t approve(const selection &which) = 0;
	/// Forgets held deletions: the replica keeps what the source lacks
	/// until the next verification or restart.
	virtual std::size_t reject(const selection &which) = 0;
	/// Reads the configuration again.
	/// @return what is wrong with it; empty: it is in force
	virtual std::string reload() = 0;
};

} // namespace imon::mirrord

#endif
