// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_JOURNALD_HPP
#define IMON_MIRRORD_JOURNALD_HPP

#include <string>
#include <vector>

#include <spdlog/common.h>

namespace imon::mirrord {

/// Whether a descriptor leads to journald, which then also takes fields.
/// @param stream  $JOURNAL_STREAM, or null: see systemd.exec(5)
bool is_journal(int fd, const char *stream);

/// @param fields  as NAME=VALUE
/// @return whether journald took it
bool send_to_journal(const std::vector<std::string> &fields);

/// As syslog(3) counts.
int priority(spdlog::level::level_enum level);

} // namespace imon::mirrord

#endif
