// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_EVENT_OUTPUT_HPP
#define IMON_TOOLS_EVENT_OUTPUT_HPP

#include <string>

#include <imon/event.hpp>

namespace imon::tools {

/// An event as one line for a reader, without the line's end:
/// "create,modify PATH", "rename OLD -> NEW"; where it is known who did it, with
/// "(pid 42, uid 1000, vi)" after it. Names begin with @p root, those of
/// directories end with a slash.
std::string as_text(const event &e, const std::string &root);

/// An event as one line of JSON, without the line's end. Names are relative
/// to "root".
std::string as_json(const event &e, const std::string &root);

} // namespace imon::tools

#endif
