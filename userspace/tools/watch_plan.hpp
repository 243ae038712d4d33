// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_WATCH_PLAN_HPP
#define IMON_TOOLS_WATCH_PLAN_HPP

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <imon/admin.hpp>

#include "target.hpp"
#include "watch_arguments.hpp"

namespace imon::tools {

/// How a monitor is given watches: by its reader, or by an administrator.
struct watch_calls {
	std::function<std::uint32_t(int fd, const watch_options &)> add;
	std::function<void(std::uint32_t watch, int dirfd)> exclude;
};

/// The calls of an administrator for one monitor.
watch_calls watch_calls_of(admin &module, std::uint32_t monitor);

/// What is to be watched, found and opened.
class watch_plan {
public:
	/// @throws error when one of the paths cannot be opened
	explicit watch_plan(const watch_arguments &args);

	struct armed {
		std::uint32_t watch;
		std::string name; ///< as the user gave it
	};
	/// @throws error  naming what the module refused; then some watches
	///                may have been made
	std::vector<armed> carry_out(const watch_calls &calls) const;

private:
	std::uint32_t add(const watch_calls &calls, const target &t) const;

	std::uint32_t scope_, mask_;
	std::vector<target> targets_, excludes_;
};

/// Calls the module for each of the trees @p watches that @p directory is in.
/// @throws error when it is in none of them
void for_trees_around(
	const target &directory, const std::vector<std::uint32_t> &watches,
	const std::function<void(std::uint32_t watch, int dirfd)> &call);

} // namespace imon::tools

#endif
