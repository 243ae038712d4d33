// SPDX-License-Identifier: GPL-2.0-or-later
#include "status_text.hpp"

#include <algorithm>

#include "file_name.hpp"
#include "table.hpp"
#include "wording.hpp"

namespace imon::mirror {

using mirrord::mirror_report;
using mirrord::path_report;
using mirrord::replica_report;
using tools::quoted_name;

/// Sentences of the daemon may quote programs of other hosts: what would work
/// on the terminal is shown instead.
static std::string safe(const std::string &sentence)
{
	const std::string quoted = quoted_name(sentence);
	const bool in_quotes = quoted.size() >= 2 && quoted.front() == '"';
	return in_quotes && quoted.size() == sentence.size() + 2 ? sentence
								 : quoted;
}

static std::string below(const replica_report &r)
{
	const std::string name = "  " + quoted_name(r.name) + ": ";
	std::string text;
	if (!r.advice.empty()) {
		text += name + safe(r.advice);
		if (r.retry_seconds)
			text += "; next attempt in " +
				time_text(*r.retry_seconds);
		text += '\n';
	}
	if (!r.progress.empty())
		text += name + safe(r.progress) + '\n';
	return text;
}

static std::string text_of(const mirror_report &m, mirrord::wall_time now)
{
	std::string text = quoted_name(m.name) + ": " + quoted_name(m.root) +
			   ", " + safe(m.state);
	text += m.halted.empty() ? ", events from " + safe(m.back_end)
				 : ": " + safe(m.halted);
	table replicas({"REPLICA", "STATE", ">PENDING", ">FAILING", ">LAG",
			">LAST SUCCESS", ">VERIFIED"});
	std::string notes;
	for (const replica_report &r : m.replicas) {
		replicas.add({quoted_name(r.name), safe(r.state),
			      count_text(r.pending), count_text(r.failing),
			      time_text(r.lag_seconds),
			      age_text(r.last_success, now),
			      age_text(r.last_verified, now)});
		notes += below(r);
	}
	if (!m.reconciled.empty())
		notes += "  everything was compared at the start: " +
			 safe(m.reconciled) + '\n';
	for (const std::string &limit : m.limits)
		notes += "  " + safe(limit) + '\n';
	return text + '\n' + replicas.text("  ") + notes;
}

std::string status_text(const std::vector<mirror_report> &mirrors,
			mirrord::wall_time now)
{
	std::string text;
	for (const mirror_report &m : mirrors)
		text += (text.empty() ? "" : "\n") + text_of(m, now);
	return text;
}

bool needs_somebody(const std::vector<mirror_report> &mirrors)
{
	const auto replica = [](const replica_report &r) {
		return !r.advice.empty();
	};
	return std::any_of(
		mirrors.begin(), mirrors.end(), [&](const mirror_report &m) {
			return m.state == "halted" ||
			       std::any_of(m.replicas.begin(), m.replicas.end(),
					   replica);
		});
}

std::string why_text(const path_report &p)
{
	std::string text = quoted_name(p.mirror) + " on " +
			   quoted_name(p.replica) + ": " +
			   quoted_name(p.path.empty() ? "." : p.path) + " is " +
			   safe(p.state);
	if (!p.filter.empty())
		text += ", left out by the filter " + quoted_name(p.filter);
	if (!p.because.empty() && p.because != p.path)
		text += ", with " + quoted_name(p.because);
	if (!p.events.empty())
		text += "; " + safe(p.events);
	if (p.failures)
		text += "; failed " + count_of(p.failures, "time");
	if (p.retry_seconds)
		text += "; next attempt in " + time_text(*p.retry_seconds);
	if (p.failures && p.last_exit)
		text += "; rsync's last exit is " +
			std::to_string(*p.last_exit) +
			(p.last_message.empty() ? ""
						: ": " + safe(p.last_message));
	return text + '\n';
}

} // namespace imon::mirror
