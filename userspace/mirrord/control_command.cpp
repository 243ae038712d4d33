// SPDX-License-Identifier: GPL-2.0-or-later
#include "control_command.hpp"

#include <cerrno>

#include <imon/error.hpp>
#include <nlohmann/json.hpp>

#include "quote.hpp"
#include "report_json.hpp"
#include "selected.hpp"
#include "settings_json.hpp"

namespace imon::mirrord {

using json = nlohmann::ordered_json;

static json status(steering &daemon, const control_request &request)
{
	const auto mirrors = selected(daemon.report(), request.which);
	if (mirrors.empty())
		throw no_such(request.which);
	return {{"mirrors", as_json(mirrors)}};
}

static json in_force(steering &daemon, const control_request &)
{
	return {{"settings", as_json(daemon.in_force())}};
}

static json why(steering &daemon, const control_request &request)
{
	const auto meant = [](const std::string &wanted,
			      const std::string &name) {
		return wanted.empty() || wanted == name;
	};
	auto paths = daemon.why(request.path);
	std::erase_if(paths, [&](const path_report &p) {
		return !meant(request.which.mirror, p.mirror) ||
		       !meant(request.which.replica, p.replica);
	});
	if (paths.empty())
		throw error(ENOENT, quote(request.path) +
					    " is in no such mirror; see: "
					    "imon-mirror replicas");
	return {{"paths", as_json(paths)}};
}

static json reload(steering &daemon, const control_request &)
{
	const std::string wrong = daemon.reload();
	if (!wrong.empty())
		throw error(EINVAL, wrong);
	return {{"reloaded", true}};
}

template <std::size_t (steering::*change)(const selection &)>
static json with_replicas(steering &daemon, const control_request &request)
{
	const std::size_t meant = (daemon.*change)(request.which);
	if (!meant)
		throw no_such(request.which);
	return {{"replicas", meant}};
}

static constexpr control_command commands[] = {
	{"status", false, status},
	{"settings", false, in_force},
	{"why", false, why},
	// Answered by the server as things change; at once only its mistakes.
	{"wait", false, nullptr},
	{"pause", true, with_replicas<&steering::pause>},
	{"resume", true, with_replicas<&steering::resume>},
	{"flush", true, with_replicas<&steering::flush>},
	{"verify", true, with_replicas<&steering::verify>},
	{"approve", true, with_replicas<&steering::approve>},
	{"reject", true, with_replicas<&steering::reject>},
	{"reload", true, reload},
};

const control_command &find_control_command(const std::string &name)
{
	std::string known;
	for (const control_command &c : commands) {
		if (name == c.name)
			return c;
		known += std::string(known.empty() ? "" : " ") + c.name;
	}
	throw error(EINVAL,
		    "there is no command '" + quote(name) + "', but: " + known);
}

} // namespace imon::mirrord
