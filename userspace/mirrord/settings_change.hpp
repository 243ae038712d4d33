// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_SETTINGS_CHANGE_HPP
#define IMON_MIRRORD_SETTINGS_CHANGE_HPP

#include <string>
#include <vector>

#include "settings.hpp"

namespace imon::mirrord {

enum class difference { added, removed, changed };

/// A replica that is set differently than before.
struct replica_change {
	std::string name;
	difference what;
	/// What belongs on it may be different now: all of it is to be compared.
	bool compare = false;

	bool operator==(const replica_change &) const = default;
};

/// A mirror that is set differently than before. One whose root is another is
/// removed, and added.
struct mirror_change {
	std::string name;
	difference what;
	/// The tree is to be watched in another way.
	bool watch = false;
	/// Of a mirror that changed; one that is added or removed has them all.
	std::vector<replica_change> replicas;

	bool operator==(const mirror_change &) const = default;
};

/// What to do to get from one configuration to another without a restart.
struct settings_change {
	/// First those to be removed. Empty: nothing changes.
	std::vector<mirror_change> mirrors;
	/// The keys whose new values are not taken over before a restart.
	std::vector<std::string> restart;

	bool operator==(const settings_change &) const = default;
};

settings_change compare(const settings &before, const settings &after);

/// In words for the log, a line for each.
std::vector<std::string> describe(const settings_change &change);

} // namespace imon::mirrord

#endif
