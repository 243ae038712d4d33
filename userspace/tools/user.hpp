// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_USER_HPP
#define IMON_TOOLS_USER_HPP

#include <cstdint>
#include <string>

namespace imon::tools {

/// The uid of a user, who is given by name or number.
/// @throws error EINVAL
std::uint32_t uid_of(const std::string &user);

} // namespace imon::tools

#endif
