// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_CONTROL_COMMAND_HPP
#define IMON_MIRRORD_CONTROL_COMMAND_HPP

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "control_request.hpp"
#include "steering.hpp"

namespace imon::mirrord {

/// What can be asked of the daemon, and is answered at once.
struct control_command {
	const char *name;
	bool changes; ///< the state of the daemon, else it is a question
	/// @throws error with the sentence for who asked
	nlohmann::ordered_json (*answer)(steering &daemon,
					 const control_request &request);
};

/// @throws error EINVAL when there is none of that name
const control_command &find_control_command(const std::string &name);

} // namespace imon::mirrord

#endif
