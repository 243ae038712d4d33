// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_SSH_TROUBLE_HPP
#define IMON_MIRROR_SSH_TROUBLE_HPP

#include <optional>
#include <string>

#include "destination.hpp"
#include "launcher.hpp"

namespace imon::mirror {

struct trouble {
	std::string what, mend;
};

/// Why the remote shell could not get in, by what ssh complained of; nothing
/// when it could.
std::optional<trouble> ssh_trouble(const mirrord::destination &to,
				   const mirrord::exit_report &end);

} // namespace imon::mirror

#endif
