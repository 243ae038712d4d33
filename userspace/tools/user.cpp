// SPDX-License-Identifier: GPL-2.0-or-later
#include "user.hpp"

#include <cerrno>
#include <charconv>

#include <pwd.h>

#include <imon/error.hpp>

namespace imon::tools {

std::uint32_t uid_of(const std::string &user)
{
	if (const passwd *const entry = ::getpwnam(user.c_str()))
		return entry->pw_uid;
	std::uint32_t uid = 0;
	const auto *const end = user.data() + user.size();
	const auto [stop, why] = std::from_chars(user.data(), end, uid);
	// The last number means "nobody at all" to the kernel.
	if (why != std::errc() || stop != end || uid == UINT32_MAX)
		throw error(EINVAL, "there is no user \"" + user +
					    "\"; give a name or a number");
	return uid;
}

} // namespace imon::tools
