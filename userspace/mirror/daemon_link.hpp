// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_DAEMON_LINK_HPP
#define IMON_MIRROR_DAEMON_LINK_HPP

#include <chrono>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "control_request.hpp"
#include "descriptor.hpp"

namespace imon::mirror {

/// A connection to imon-mirrord.
class daemon_link {
public:
	using clock = std::chrono::steady_clock;

	/// @throws error: EACCES, ECONNREFUSED when nobody listens, others
	explicit daemon_link(const std::string &socket);

	/// @return the first answer; @throws error with what the daemon says
	/// is wrong, or when it has gone
	nlohmann::ordered_json ask(const mirrord::control_request &request);
	/// @return the next answer; nothing when there was none in time
	std::optional<nlohmann::ordered_json> next(
		std::optional<clock::time_point> deadline = {});

private:
	bool readable(std::optional<clock::time_point> deadline) const;

	mirrord::descriptor socket_;
	std::string received_;
};

} // namespace imon::mirror

#endif
