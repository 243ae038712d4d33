// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_SETTING_VALUES_HPP
#define IMON_MIRRORD_SETTING_VALUES_HPP

#include <functional>
#include <optional>
#include <string>

#include "settings.hpp"

namespace imon::mirrord {

/// Understands a setting as the user writes it, in a file or on the command
/// line; throws error EINVAL with a sentence, and then changes nothing.
using taker = std::function<void(const std::string &text)>;

taker name_to(std::string &name);
/// A name to be looked for in PATH, or an absolute path: programs are started
/// from inside the source.
taker program_to(std::string &program);
/// An absolute path.
taker path_to(std::string &path);
/// An address, or a name, and a port: "localhost:9641".
taker metrics_to(std::optional<std::string> &metrics);
taker rate_to(std::uint64_t &rate);
taker seconds_to(std::chrono::seconds &time);
/// Up to a minute.
taker window_to(std::chrono::milliseconds &window);
/// "auto", "imon" or "fanotify".
taker back_end_to(back_end &events);

/// As back_end_to() reads it.
std::string back_end_text(back_end events);

} // namespace imon::mirrord

#endif
