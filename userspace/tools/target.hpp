// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_TARGET_HPP
#define IMON_TOOLS_TARGET_HPP

#include <cstdint>
#include <string>
#include <vector>

#include <imon/error.hpp>

#include "file_name.hpp"
#include "unique_fd.hpp"

namespace imon::tools {

/// What is to be watched, or left out of it.
struct target {
	unique_fd fd;
	std::string name;  ///< as the user gave it, without slashes at its end
	std::string label; ///< absolute: names it in listings
};

/// Directories; in the scope of an inode, anything.
/// @throws error saying which of them cannot be opened, and why
std::vector<target> open_targets(const std::vector<std::string> &paths,
				 std::uint32_t scope);

/// Does something with the target. The module's refusals do not say with
/// which; this adds it.
template <typename work>
auto with_target(const target &t, const work &do_it)
{
	try {
		return do_it();
	} catch (const error &e) {
		throw error(e.code().value(),
			    quoted_name(t.name) + ": " + e.sentence());
	}
}

} // namespace imon::tools

#endif
