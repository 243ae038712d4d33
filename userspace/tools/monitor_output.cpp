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

std::string device_number(const watch_info &w)
{
	return std::to_string(w.dev >> 20) + ':' +
	       std::to_string(w.dev & 0xfffff);
}

std::string as_text(const watch_info &w)
{
	std::string out =
		"  #" + std::to_string(w.id) + ' ' + scope_name(w.scope) + ' ';
	out += w.label.empty()
		       ? std::to_string(w.ino) + " on " + device_number(w)
		       : quoted_name(w.label);
	if (w.excludes)
		out += ", " + std::to_string(w.excludes) + " excluded";
	if (w.state != IMON_WATCH_STATE_ACTIVE)
		out += std::string(" (") + state_name(w.state) + ')';
	return out + '\n';
}

} // namespace

std::string title_of(const monitor_info &monitor)
{
	return monitor.name.empty() ? '#' + std::to_string(monitor.id)
				    : monitor.name;
}

std::string title_of(const watch_info &watch)
{
	return watch.label.empty() ? '#' + std::to_string(watch.id)
				   : watch.label;
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
	out["retention_sec"] = m.retention_sec;
	out["actor"] = m.actor != 0;
	out["head_seq"] = m.head_seq;
	out["acked_seq"] = m.acked_seq;
	out["pending"] = m.pending;
	out["in_flight"] = m.in_flight;
	out["bytes"] = m.bytes;
	out["bytes_high"] = m.bytes_high;
	out["queued"] = m.queued;
	out["merged"] = m.merged;
	out["degraded"] = m.degraded;
	out["degraded_dir"] = m.degraded_dir;
	out["degraded_subtree"] = m.degraded_subtree;
	out["degraded_root"] = m.degraded_root;
	out["delivered"] = m.delivered;
	out["redelivered"] = m.redelivered;
	out["memory_failures"] = m.memory_failures;
	return out;
}

nlohmann::ordered_json as_json(const watch_info &w)
{
	nlohmann::ordered_json out;
	out["id"] = w.id;
	out["scope"] = scope_name(w.scope);
	if (!w.label.empty())
		put_name(out, "label", w.label);
	out["state"] = state_name(w.state);
	out["events"] = kinds_of(w.mask);
	out["ino"] = w.ino;
	out["dev"] = device_number(w);
	out["excludes"] = w.excludes;
	return out;
}

std::string as_text(const monitor_info &m,
		    const std::vector<watch_info> &watches)
{
	std::string out =
		title_of(m) + ": " + mode_name(m.mode) + ", of user " +
		std::to_string(m.uid) + ", " +
		(m.reader ? "read by port " + std::to_string(*m.reader)
			  : "without a reader") +
		", " + std::to_string(m.pending) + " waiting, " +
		std::to_string(m.in_flight) + " in flight\n";
	for (const auto &w : watches)
		if (w.monitor == m.id)
			out += as_text(w);
	return out;
}

} // namespace imon::tools
