// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine.hpp"

#include <sys/resource.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string_view>
#include <tuple>

#include <imon/admin.hpp>
#include <imon/error.hpp>
#include <nlohmann/json.hpp>

#include "../daemon_link.hpp"
#include "../status_text.hpp"
#include "file_name.hpp"
#include "place.hpp"
#include "report_json.hpp"
#include "rsync.hpp"

namespace imon::mirror {

namespace {

finding look_at_release()
{
	utsname system{};
	uname(&system);
	unsigned major = 0, minor = 0;
	std::sscanf(system.release, "%u.%u", &major, &minor);
	finding f{.about = "kernel",
		  .what = "Linux " + std::string(system.release)};
	if (std::tie(major, minor) < std::make_tuple(6u, 1u)) {
		f.how = verdict::fail;
		f.mend = "boot Linux 6.1 or newer";
	}
	return f;
}

/// Whether some mirror is to have its events from there, and from nowhere else.
bool is_wanted(const mirrord::settings &all, mirrord::back_end events)
{
	return std::any_of(all.mirrors.begin(), all.mirrors.end(),
			   [events](const mirrord::mirror_settings &m) {
				   return m.events == events;
			   });
}

finding look_at_module(const mirrord::settings &wanted)
{
	finding f{.about = "module"};
	try {
		f.what = "imon " + admin().module().version + " is loaded";
	} catch (const error &e) {
		const bool missing = e.code().value() == ENODEV;
		f.how = missing ? verdict::warn : verdict::fail;
		f.what = missing ? "it is not loaded, events come from fanotify"
				 : e.sentence();
		f.mend = "modprobe imon; dmesg | tail";
		if (missing && is_wanted(wanted, mirrord::back_end::imon)) {
			f.how = verdict::fail;
			f.what = "it is not loaded, and events are to come "
				 "from it alone";
		}
	}
	return f;
}

/// What it is at is for imon-mirror status.
finding look_at_daemon(const mirrord::settings &wanted)
{
	finding f{.about = "daemon"};
	try {
		const auto answer = daemon_link(wanted.control_socket)
					    .ask({.command = "status"});
		f.what = "imon-mirrord runs";
		if (needs_somebody(mirrord::mirrors_of(answer.at("mirrors")))) {
			f = {verdict::warn, f.about,
			     f.what + ", and needs help", "imon-mirror status"};
		}
	} catch (const nlohmann::json::exception &) {
		f = {verdict::fail, f.about,
		     "imon-mirrord runs, but is of another version",
		     "systemctl restart imon-mirrord"};
	} catch (const error &e) {
		f = {verdict::warn, f.about, "imon-mirrord does not run",
		     "systemctl start imon-mirrord"};
		if (e.code().value() == EACCES)
			f = {verdict::warn, f.about, e.sentence(),
			     "run this with sudo"};
	}
	return f;
}

finding look_at_descriptors(const mirrord::settings &wanted)
{
	// Each program has three pipes, and each mirror its watch and journal.
	constexpr rlim_t others = 32, of_mirror = 8, of_replica = 8;
	rlim_t needed = others;
	for (const auto &m : wanted.mirrors)
		needed += of_mirror + of_replica * m.replicas.size();
	rlimit limit{};
	getrlimit(RLIMIT_NOFILE, &limit);
	finding f{.about = "open files",
		  .what = std::to_string(limit.rlim_cur) + " allowed, " +
			  std::to_string(needed) + " needed"};
	if (limit.rlim_cur < needed) {
		f.how = verdict::fail;
		f.mend = "ulimit -n " + std::to_string(needed) +
			 ", or LimitNOFILE= in its unit";
	}
	return f;
}

} // namespace

findings examine_kernel(const mirrord::settings &wanted)
{
	return {look_at_release(), look_at_module(wanted)};
}

findings examine_daemon(const mirrord::settings &wanted)
{
	return {look_at_daemon(wanted), look_at_descriptors(wanted),
		examine_place("state", wanted.state_directory, true)};
}

finding judge_rsync_here(const std::string &program,
			 const trial_result &version)
{
	const std::string name = tools::quoted_name(program);
	finding f{.about = "rsync here",
		  .mend = "install rsync 3.1.3 or newer"};
	unsigned major = 0, minor = 0, patch = 0;
	constexpr std::string_view mark = "version ";
	std::size_t at = version.output.find(mark);
	at = at == std::string::npos ? version.output.size() : at + mark.size();
	if (version.output.substr(at, 1) == "v")
		at++;
	if (version.end.status != 0 ||
	    std::sscanf(version.output.c_str() + at, "%u.%u.%u", &major, &minor,
			&patch) != 3) {
		f.how = verdict::fail;
		f.what = name + ": " +
			 (version.end.status == 0
				  ? "it is no rsync"
				  : mirrord::describe_rsync(version.end));
		return f;
	}
	f.what = name + " " + std::to_string(major) + '.' +
		 std::to_string(minor) + '.' + std::to_string(patch);
	const auto lacks = [&](const char *what) {
		return version.output.find("no " + std::string(what)) !=
		       std::string::npos;
	};
	if (std::tie(major, minor, patch) < std::make_tuple(3u, 1u, 3u)) {
		f.how = verdict::fail;
		f.what += " is too old";
	} else if (lacks("ACLs") || lacks("xattrs")) {
		f.how = verdict::fail;
		f.what += " knows no ACLs or no extended attributes";
	} else {
		f.mend.clear();
	}
	return f;
}

} // namespace imon::mirror
