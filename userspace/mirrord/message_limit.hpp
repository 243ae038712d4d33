// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_MESSAGE_LIMIT_HPP
#define IMON_MIRRORD_MESSAGE_LIMIT_HPP

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "message.hpp"
#include "poller.hpp"

namespace imon::mirrord {

/// Keeps messages that come again and again from filling the log. Of each kind a
/// few are let through at once, then one in a while: the last that came, with the
/// number of those that were left out. So what was true last is always said.
class message_limit {
public:
	static constexpr unsigned at_once = 5;
	static constexpr auto a_while = std::chrono::minutes(1);

	/// @return whether it may be said now; else it is kept
	bool allows(const message &m, clock::time_point now);
	/// What was kept and is to be said now.
	std::vector<message> due(clock::time_point now);
	/// When something will be.
	std::optional<clock::time_point> next() const;

private:
	struct kind {
		clock::time_point since{};
		unsigned said = 0;
		unsigned kept = 0;
		message last{};
	};

	std::map<std::string_view, kind> kinds_; ///< by what they are about
};

} // namespace imon::mirrord

#endif
