// SPDX-License-Identifier: GPL-2.0-or-later
#include "monitor_output.hpp"

#include <nlohmann/json.hpp>

#include "file_name.hpp"
#include "kinds.hpp"

namespace imon::tools {

namespace {

const char *state_name(std::uint32_t state)
{
	switch (state) {
	case IMON_WATCH_STATE_ACTIVE:
		return "active";
	case IMON_WATCH_STATE_DELETED:
		return "deleted";
	case IMON_WATCH_STATE_UNMOUNTED:
		return "unmounted";
	default:
		return "unknown";
	}
}

} // namespace

std::string title_of(const monitor_info &monitor)
{
	return monitor.name.empty() ? '#' + std::to_string(monitor.id)
				    : monitor.name;
}

nlohmann::ordered_json as_json(const monitor_info &m)
{
	nlohmann::ordered_json out;
	out["id"] = m.id;
	if (!m.name.empty())
		out["name"] = m.name;
	out["instance"] = m.instance;
	out["mode"] = mode_name(m.mode);
	out["uid"] = m.uid;
	if (m.reader)
		out["reader"] = *m.reader;
	out["queue_bytes"] = m.queue_bytes;
	out["window_us"] = m.window_us;
	out["head_seq"] = m.head_seq;
	out["acked_seq"] = m.acked_seq;
	out["pending"] = m.pending;
	out["in_flight"] = m.in_flight;
	out["bytes"] = m.bytes;
	out["bytes_high"] = m.bytes_high;
	out["queued"] = m.queued;
	out["merged"] = m.merged;
	out["degraded"] = m.degraded;
	out["delivered"] = m.delivered;
	out["redelivered"] = m.redelivered;
	return out;
}

nlohmann::ordered_json as_json(const watch_info &w)
{
	nlohmann::ordered_json out;
	out["id"] = w.id;
	put_name(out, "label", w.label);
	out["state"] = state_name(w.state);
	out["events"] = kinds_of(w.mask);
	out["ino"] = w.ino;
	out["dev"] = std::to_string(w.dev >> 20) + ':' +
		     std::to_string(w.dev & 0xfffff);
	return out;
}

std::string as_text(const monitor_info &m,
		    const std::vector<watch_info> &watches)
{
	std::string out =
		title_of(m) + ": " + mode_name(m.mode) + ", " +
		(m.reader ? "read by port " + std::to_string(*m.reader)
			  : "without a reader") +
		", " + std::to_string(m.pending) + " waiting, " +
		std::to_string(m.in_flight) + " in flight\n";
	for (const auto &w : watches) {
		if (w.monitor != m.id)
			continue;
		out += "  " + quoted_name(w.label);
		if (w.state != IMON_WATCH_STATE_ACTIVE)
			out += std::string(" (") + state_name(w.state) + ')';
		out += '\n';
	}
	return out;
}

} // namespace imon::tools
