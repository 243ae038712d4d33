// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_APPLY_TRASH_HPP
#define IMON_APPLY_TRASH_HPP

#include <cstddef>
#include <string>

namespace imon::apply {

struct expiry {
	std::size_t removed = 0; ///< folders
	std::string why;	 ///< some remain; empty: none does
};

/// Removes the folders of the trash below @p root that are called by a time
/// before that, and nothing else.
expiry expire_trash(int root, const std::string &older_than);

} // namespace imon::apply

#endif
