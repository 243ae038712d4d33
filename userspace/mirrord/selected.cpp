// SPDX-License-Identifier: GPL-2.0-or-later
#include "selected.hpp"

#include <cerrno>

#include "quote.hpp"

namespace imon::mirrord {

std::vector<mirror_report> selected(std::vector<mirror_report> mirrors,
				    const selection &which)
{
	for (mirror_report &m : mirrors)
		std::erase_if(m.replicas, [&](const replica_report &r) {
			return !which.replica.empty() &&
			       r.name != which.replica;
		});
	std::erase_if(mirrors, [&](const mirror_report &m) {
		return which.mirror.empty()
			       ? !which.replica.empty() && m.replicas.empty()
			       : m.name != which.mirror;
	});
	return mirrors;
}

error no_such(const selection &which)
{
	std::string what = "there is no ";
	if (!which.replica.empty())
		what += "replica '" + quote(which.replica) + "'";
	if (!which.mirror.empty())
		what += (which.replica.empty() ? "mirror '"
					       : " of a mirror '") +
			quote(which.mirror) + "'";
	if (which.replica.empty() && which.mirror.empty())
		what += "replica";
	return error(ENOENT, what + "; see: imon-mirror replicas");
}

} // namespace imon::mirrord
