// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_WATCHER_HPP
#define IMON_MIRRORD_WATCHER_HPP

#include <memory>
#include <string>

#include <imon/source.hpp>

#include "epoch.hpp"
#include "settings.hpp"
#include "source_tree.hpp"

namespace imon::mirrord {

/// Events of a tree, and what their numbers belong to.
struct watched {
	std::unique_ptr<source> events;
	epoch now;
	/// It was just made, and continues nothing.
	bool fresh = true;
	/// The newest number that there is; a journal that knows of a newer one
	/// is of another monitor.
	std::uint64_t head = 0;
};

/// What the module calls a mirror's monitor.
std::string monitor_name(const mirror_settings &m);

/// What root runs so that who runs this may watch a mirror's tree.
std::string lend_command(const mirror_settings &m);

/// Watches a tree: attaches to the named monitor that has collected while no
/// daemon was there, or makes it; or asks fanotify.
/// @throws error  also when another daemon watches for this mirror already
watched watch(const mirror_settings &m, const source_tree &tree);

} // namespace imon::mirrord

#endif
