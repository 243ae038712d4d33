// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_INSTANCE_HPP
#define IMON_MIRRORD_INSTANCE_HPP

#include <sys/types.h>

#include <string>

#include "settings.hpp"

namespace imon::mirrord {

/// Longer names leave no room in that of a monitor or of a socket.
inline constexpr std::size_t name_max = 40;

/// Refuses what cannot name a file and a monitor: a name has letters, digits,
/// dots, dashes, underlines.
/// @throws error EINVAL with a sentence
void check_name(const std::string &name);

/// What a mirror is called whose user did not say: "var-www" for /var/www. A
/// root that cannot be told by such a name gets one with a hash in it.
std::string default_name(const std::string &root);

/// Where journals are kept: what the service manager says in STATE_DIRECTORY,
/// or a folder of the system, or of the user, for who runs this.
std::string default_state_directory(uid_t user);

/// Where imon-mirror finds this instance: likewise, with RUNTIME_DIRECTORY.
std::string default_control_socket(uid_t user, const std::string &instance);

/// Fills in what the user left open.
void complete(settings &all);

} // namespace imon::mirrord

#endif
