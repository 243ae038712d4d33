// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_KINDS_HPP
#define IMON_TOOLS_KINDS_HPP

#include <cstdint>
#include <string>
#include <vector>

namespace imon::tools {

/// Names of the bits that are set in @p mask, in their order, as
/// Documentation/netlink/specs/imon.yaml has them; a bit without a name shows
/// as its number ("bit-20").
std::vector<std::string> kinds_of(std::uint32_t mask);

/// The mask of a list like "create,delete".
/// @throws error EINVAL naming the word that is no event and those that are
std::uint32_t mask_of(const std::string &list);

/// Name of a monitor's mode.
std::string mode_name(std::uint32_t mode);

/// The mode of a name, "log" or "state". @throws error EINVAL
std::uint32_t mode_of(const std::string &name);

/// Name of a watch's scope.
std::string scope_name(std::uint32_t scope);

/// The scope of a name, "tree", "dir" or "inode". @throws error EINVAL
std::uint32_t scope_of(const std::string &name);

} // namespace imon::tools

#endif
