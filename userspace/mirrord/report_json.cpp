// SPDX-License-Identifier: GPL-2.0-or-later
#include "report_json.hpp"

#include "json_archive.hpp"

namespace imon::mirrord {

static void fields(auto &archive, either<replica_report> auto &of)
{
	archive("name", of.name);
	archive("state", of.state);
	archive("advice", of.advice);
	archive("pending", of.pending);
	archive("failing", of.failing);
	archive("moves", of.moves);
	archive("lag_seconds", of.lag_seconds);
	archive("last_success", of.last_success);
	archive("last_verified", of.last_verified);
	archive("drift", of.drift);
	archive("last_exit", of.last_exit);
	archive("last_message", of.last_message);
	archive("retry_seconds", of.retry_seconds);
	archive("renames", of.renames);
	archive("renames_why", of.renames_why);
	archive("progress", of.progress);
	archive("batches", of.batches);
	archive("failures", of.failures);
	archive("held_deletions", of.held_deletions);
}

static void fields(auto &archive, either<mirror_report> auto &of)
{
	archive("name", of.name);
	archive("root", of.root);
	archive("state", of.state);
	archive("halted", of.halted);
	archive("back_end", of.back_end);
	archive("limits", of.limits);
	archive("reconciled", of.reconciled);
	archive("events", of.events);
	archive("overflows", of.overflows);
	archive("journal", of.journal);
	archive("replicas", of.replicas);
}

static void fields(auto &archive, either<path_report> auto &of)
{
	archive("mirror", of.mirror);
	archive("path", of.path);
	archive("replica", of.replica);
	archive("state", of.state);
	archive("filter", of.filter);
	archive("because", of.because);
	archive("events", of.events);
	archive("failures", of.failures);
	archive("retry_seconds", of.retry_seconds);
	archive("last_exit", of.last_exit);
	archive("last_message", of.last_message);
}

nlohmann::ordered_json as_json(const std::vector<mirror_report> &mirrors)
{
	return json_writer::json_of(mirrors);
}

nlohmann::ordered_json as_json(const std::vector<path_report> &paths)
{
	return json_writer::json_of(paths);
}

std::vector<mirror_report> mirrors_of(const nlohmann::ordered_json &array)
{
	std::vector<mirror_report> mirrors;
	json_reader::read(array, mirrors);
	return mirrors;
}

std::vector<path_report> paths_of(const nlohmann::ordered_json &array)
{
	std::vector<path_report> paths;
	json_reader::read(array, paths);
	return paths;
}

} // namespace imon::mirrord
