// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_CONTROL_SOCKET_HPP
#define IMON_MIRRORD_CONTROL_SOCKET_HPP

#include <string>

#include "descriptor.hpp"

namespace imon::mirrord {

/// A Unix socket at a path, which listens, and is gone afterwards.
///
/// Mode 0660. What it tells are names of files and hosts, as logs do, so its
/// group is adm, whose members read logs, where the daemon may choose it; else
/// it is the daemon's own.
///
/// A lock on a file beside it says whose it is: what a daemon that was killed
/// has left is replaced, a living one is not disturbed.
class control_socket {
public:
	/// @throws error EBUSY when another process has it; others as they are
	explicit control_socket(const std::string &path);
	control_socket(const control_socket &) = delete;
	~control_socket();

	int fd() const noexcept { return socket_.get(); }

private:
	std::string path_;
	descriptor lock_, socket_;
};

} // namespace imon::mirrord

#endif
