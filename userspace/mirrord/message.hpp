// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_MESSAGE_HPP
#define IMON_MIRRORD_MESSAGE_HPP

#include <string>
#include <string_view>

#include <spdlog/common.h>

namespace imon::mirrord {

/// What a message says, whatever is filled in.
struct message_kind {
	/// Of those that take back what another said both have the same.
	std::string_view about;
	/// journald's MESSAGE_ID; empty for most. See imon-mirrord(8).
	std::string_view id{};
};

/// The kinds that others may react to.
namespace about {
inline constexpr message_kind started{"start",
				      "f30ccf520a5c43b5a5cfa6fa20d0881a"},
	reloaded{"reload", "8107c30b7b36453a997fa0e8411f68c4"},
	halted{"halt", "65e8d22533394edf8debf46f273e3035"},
	held{"guard", "629114e97fd0439bb0a773c7a67a58d2"},
	down{"reach", "ce7c20e9558049c49640176faf7128e2"},
	up{"reach", "a6bb9855018e43bd9acdec5d1bc20bfa"},
	drift{"verify", "9248c12f05134ea68f41f2a0b4a843ae"},
	rescan{"rescan", "80f9504e0c444dfea22db006e05d41c6"};
} // namespace about

struct message {
	spdlog::level::level_enum level{};
	message_kind kind{};
	std::string text{};
};

} // namespace imon::mirrord

#endif
