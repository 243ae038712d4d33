// SPDX-License-Identifier: GPL-2.0-or-later
#include "subject_log.hpp"

#include <unistd.h>

#include <cstdlib>

#include "journald.hpp"
#include "quote.hpp"

namespace imon::mirrord {

void subject_log::take(const message &m)
{
	// Whoever wants every batch gets every batch.
	if (m.level == spdlog::level::debug || limit_.allows(m, clock::now()))
		say(m);
}

std::optional<clock::time_point> subject_log::catch_up(clock::time_point now)
{
	for (const message &m : limit_.due(now))
		say(m);
	return limit_.next();
}

void subject_log::say(const message &m) const
{
	static const bool fields =
		is_journal(STDERR_FILENO, std::getenv("JOURNAL_STREAM"));
	const std::string text =
		quote(replica_.empty() ? mirror_ : replica_) + ": " + m.text;
	if (fields) {
		std::vector<std::string> all = {
			"MESSAGE=" + text,
			"PRIORITY=" + std::to_string(priority(m.level)),
			"SYSLOG_IDENTIFIER=imon-mirrord"};
		if (!root_.empty())
			all.insert(all.end(),
				   {"MIRROR=" + mirror_, "ROOT=" + root_});
		if (!replica_.empty())
			all.push_back("REPLICA=" + replica_);
		if (!m.kind.id.empty())
			all.push_back("MESSAGE_ID=" + std::string(m.kind.id));
		if (send_to_journal(all))
			return;
	}
	spdlog::log(m.level, "{}", text);
}

} // namespace imon::mirrord
