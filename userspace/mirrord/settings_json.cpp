// SPDX-License-Identifier: GPL-2.0-or-later
#include "settings_json.hpp"

#include "json_archive.hpp"

namespace imon::mirrord {

NLOHMANN_JSON_SERIALIZE_ENUM(back_end, {{back_end::any, "auto"},
					{back_end::imon, "imon"},
					{back_end::fanotify, "fanotify"}})

NLOHMANN_JSON_SERIALIZE_ENUM(destination::way,
			     {{destination::way::local, "local"},
			      {destination::way::shell, "shell"},
			      {destination::way::rsyncd, "rsyncd"}})

static void fields(auto &archive, either<destination> auto &of)
{
	archive("by", of.by);
	archive("name", of.name);
	archive("target", of.target);
}

static void fields(auto &archive, either<guard_settings> auto &of)
{
	archive("deletions", of.deletions);
	archive("percent", of.percent);
	archive("window", of.window);
}

static void fields(auto &archive, either<verify_settings> auto &of)
{
	archive("every", of.every);
	archive("heal", of.heal);
}

static void fields(auto &archive, either<hook_settings> auto &of)
{
	archive("before", of.before);
	archive("after", of.after);
}

static void fields(auto &archive, either<replica_settings> auto &of)
{
	archive("where", of.where);
	archive("rsync", of.rsync);
	archive("rsh", of.rsh);
	archive("rsync_options", of.rsync_options);
	archive("filters", of.filters);
	archive("bandwidth", of.bandwidth);
	archive("trash", of.trash);
	archive("apply", of.apply);
}

static void fields(auto &archive, either<mirror_settings> auto &of)
{
	archive("name", of.name);
	archive("root", of.root);
	archive("replicas", of.replicas);
	archive("window", of.window);
	archive("events", of.events);
	archive("initial_sync", of.initial_sync);
	archive("create_root", of.create_root);
	archive("submounts", of.submounts);
	archive("guard", of.guard);
	archive("verify", of.verify);
	archive("hooks", of.hooks);
}

static void fields(auto &archive, either<settings> auto &of)
{
	archive("mirrors", of.mirrors);
	archive("instance", of.instance);
	archive("state_directory", of.state_directory);
	archive("control_socket", of.control_socket);
	archive("metrics", of.metrics);
	archive("configuration", of.configuration);
	archive("dry_run", of.dry_run);
	archive("verbose", of.verbose);
}

nlohmann::ordered_json as_json(const settings &s)
{
	return json_writer::json_of(s);
}

settings settings_of(const nlohmann::ordered_json &object)
{
	settings s;
	json_reader::read(object, s);
	return s;
}

} // namespace imon::mirrord
