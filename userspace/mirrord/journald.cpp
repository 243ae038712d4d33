// SPDX-License-Identifier: GPL-2.0-or-later
#include "journald.hpp"

#include <sys/stat.h>
#include <sys/uio.h>

#include <syslog.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

namespace imon::mirrord {

bool is_journal(int fd, const char *stream)
{
	struct stat st {};
	return stream && fstat(fd, &st) == 0 &&
	       std::to_string(st.st_dev) + ':' + std::to_string(st.st_ino) ==
		       stream;
}

bool send_to_journal(const std::vector<std::string> &fields)
{
	std::vector<iovec> parts;
	parts.reserve(fields.size());
	for (const std::string &field : fields)
		parts.push_back(
			{const_cast<char *>(field.data()), field.size()});
	return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) ==
	       0;
}

int priority(spdlog::level::level_enum level)
{
	switch (level) {
	case spdlog::level::critical:
	case spdlog::level::err:
		return LOG_ERR;
	case spdlog::level::warn:
		return LOG_WARNING;
	case spdlog::level::info:
		return LOG_INFO;
	default:
		return LOG_DEBUG;
	}
}

} // namespace imon::mirrord
