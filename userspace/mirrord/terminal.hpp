// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_TERMINAL_HPP
#define IMON_MIRRORD_TERMINAL_HPP

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace imon::mirrord {

/// Goes back to the begin of the line and empties it.
inline constexpr const char *clear_line = "\r\033[K";

/// Whether somebody watches standard error, on something that can draw.
inline bool is_terminal()
{
	const char *kind = std::getenv("TERM");
	return kind && std::string_view(kind) != "dumb" &&
	       isatty(STDERR_FILENO);
}

} // namespace imon::mirrord

#endif
