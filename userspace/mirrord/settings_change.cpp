// SPDX-License-Identifier: GPL-2.0-or-later
#include "settings_change.hpp"

#include <algorithm>

#include "quote.hpp"

namespace imon::mirrord {

namespace {

const mirror_settings *find(const settings &in, const mirror_settings &like)
{
	const auto same = [&](const mirror_settings &m) {
		return m.name == like.name && m.root == like.root;
	};
	const auto it =
		std::find_if(in.mirrors.begin(), in.mirrors.end(), same);
	return it == in.mirrors.end() ? nullptr : &*it;
}

const replica_settings *find(const mirror_settings &in,
			     const replica_settings &like)
{
	const auto same = [&](const replica_settings &r) {
		return r.where == like.where;
	};
	const auto it =
		std::find_if(in.replicas.begin(), in.replicas.end(), same);
	return it == in.replicas.end() ? nullptr : &*it;
}

/// Options of rsync may well be filters, or say what of a file is sent.
bool other_contents(const replica_settings &a, const replica_settings &b)
{
	return a.filters != b.filters || a.rsync_options != b.rsync_options;
}

bool other_watch(const mirror_settings &a, const mirror_settings &b)
{
	return a.window != b.window || a.events != b.events ||
	       a.submounts != b.submounts;
}

bool same_besides_replicas(mirror_settings a, const mirror_settings &b)
{
	a.replicas = b.replicas;
	return a == b;
}

std::vector<replica_change> compare_replicas(const mirror_settings &before,
					     const mirror_settings &after)
{
	std::vector<replica_change> all;
	for (const replica_settings &r : before.replicas)
		if (!find(after, r))
			all.push_back({r.where.name, difference::removed});
	for (const replica_settings &r : after.replicas) {
		const replica_settings *was = find(before, r);
		if (!was)
			all.push_back({r.where.name, difference::added});
		else if (*was != r || before.submounts != after.submounts)
			all.push_back(
				{r.where.name, difference::changed,
				 other_contents(*was, r) ||
					 before.submounts != after.submounts});
	}
	return all;
}

std::string in_words(difference what)
{
	switch (what) {
	case difference::added:
		return "added";
	case difference::removed:
		return "removed";
	case difference::changed:
		return "changed";
	}
	return {};
}

} // namespace

settings_change compare(const settings &before, const settings &after)
{
	settings_change change;
	for (const mirror_settings &m : before.mirrors)
		if (!find(after, m))
			change.mirrors.push_back(
				{m.name, difference::removed, false, {}});
	for (const mirror_settings &m : after.mirrors) {
		const mirror_settings *was = find(before, m);
		if (!was) {
			change.mirrors.push_back(
				{m.name, difference::added, false, {}});
			continue;
		}
		auto replicas = compare_replicas(*was, m);
		if (!replicas.empty() || !same_besides_replicas(*was, m))
			change.mirrors.push_back({m.name, difference::changed,
						  other_watch(*was, m),
						  std::move(replicas)});
	}
	if (before.instance != after.instance)
		change.restart.push_back("instance");
	if (before.state_directory != after.state_directory)
		change.restart.push_back("state");
	if (before.control_socket != after.control_socket)
		change.restart.push_back("socket");
	if (before.metrics != after.metrics)
		change.restart.push_back("metrics");
	return change;
}

std::vector<std::string> describe(const settings_change &change)
{
	std::vector<std::string> lines;
	for (const mirror_change &m : change.mirrors) {
		lines.push_back("mirror " + m.name + ": " + in_words(m.what) +
				(m.watch ? ", watched anew" : ""));
		for (const replica_change &r : m.replicas)
			lines.push_back("mirror " + m.name + ", replica " +
					quote(r.name) + ": " +
					in_words(r.what) +
					(r.compare ? ", compared" : ""));
	}
	for (const std::string &key : change.restart)
		lines.push_back("'" + key +
				"' has another value, which a restart brings");
	return lines;
}

} // namespace imon::mirrord
