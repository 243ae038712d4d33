// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_EPOCH_HPP
#define IMON_MIRRORD_EPOCH_HPP

#include <string>

namespace imon::mirrord {

/// The circumstances in which the numbers of events mean something. When one of
/// them is another, changes may have gone unseen, and everything has to be
/// compared.
struct epoch {
	std::string boot;    ///< of the machine
	std::string module;  ///< instance of the loaded module, or no_module
	std::string monitor; ///< that collects the events
	std::string root;    ///< identity of the directory

	/// Events come from fanotify.
	static constexpr const char *no_module = "fanotify";

	bool operator==(const epoch &) const = default;
};

/// Why @p now does not continue @p before, as the end of a sentence; empty when
/// it does.
inline std::string what_differs(const epoch &before, const epoch &now)
{
	if (before.boot != now.boot)
		return "the machine was started again";
	if (now.module == epoch::no_module)
		return "fanotify kept no events while no daemon read them";
	if (before.module == epoch::no_module)
		return "events come from the imon module now";
	if (before.module != now.module)
		return "the imon module was loaded again";
	if (before.root != now.root)
		return "another directory stands there now";
	if (before.monitor != now.monitor)
		return "its monitor in the kernel was deleted";
	return {};
}

} // namespace imon::mirrord

#endif
