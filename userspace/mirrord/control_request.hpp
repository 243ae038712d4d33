// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_CONTROL_REQUEST_HPP
#define IMON_MIRRORD_CONTROL_REQUEST_HPP

#include <cstdint>
#include <string>

#include "steering.hpp"

namespace imon::mirrord {

/// What imon-mirror asks the daemon: one line with a JSON object, such as
/// {"command":"wait","mirror":"www","quorum":2}. The answers are lines as well;
/// one that begins {"error": has a sentence for the user.
struct control_request {
	std::string command{};
	selection which{};
	std::string path{};	  ///< why
	std::uint64_t quorum = 0; ///< wait: that many replicas; 0: all
	bool follow = false;	  ///< status: again when it changes
};

/// Without the newline.
std::string line_of(const control_request &request);

/// @throws error EINVAL with a sentence
control_request parse_control_request(const std::string &line);

} // namespace imon::mirrord

#endif
