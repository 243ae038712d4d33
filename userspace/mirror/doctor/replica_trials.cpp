// SPDX-License-Identifier: GPL-2.0-or-later
#include "replica_trials.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string_view>

#include "../wording.hpp"
#include "apply_command.hpp"
#include "file_name.hpp"
#include "op_list.hpp"
#include "place.hpp"
#include "rsync.hpp"
#include "ssh_trouble.hpp"

namespace imon::mirror {

using mirrord::destination;
using mirrord::replica_settings;

namespace {

/// Nobody is there to be asked for a password.
std::string unattended(std::string rsh)
{
	constexpr std::string_view ssh = "ssh";
	if (rsh == ssh || rsh.starts_with("ssh "))
		// What it reads first counts.
		rsh.insert(ssh.size(), " -oBatchMode=yes");
	return rsh;
}

finding about(const replica_settings &r, const char *what)
{
	return {.about = tools::quoted_name(r.where.name) + ": " + what};
}

/// Where who is asked is another machine.
finding judge_clock(const replica_settings &r, std::uint64_t theirs,
		    const trial_result &end)
{
	constexpr std::int64_t tolerance = 5;
	finding f = about(r, "clock");
	const auto time = static_cast<std::int64_t>(theirs);
	const std::int64_t off =
		time < end.begun ? time - end.begun
				 : std::max<std::int64_t>(0, time - end.ended);
	f.what = "as here";
	if (off < -tolerance || off > tolerance) {
		f.how = verdict::warn;
		f.what = count_of(static_cast<std::uint64_t>(off < 0 ? -off
								     : off),
				  "second") +
			 (off < 0 ? " behind" : " ahead");
		f.mend = "timedatectl set-ntp true, on both";
	}
	return f;
}

finding judge_version(const replica_settings &r,
		      const mirrord::probe_result &probe)
{
	finding f = about(r, "imon-apply");
	f.what = "version " + probe.version;
	if (probe.version != IMON_VERSION) {
		f.how = verdict::warn;
		f.what += ", here it is " IMON_VERSION;
		f.mend = "install the same version on both";
	}
	return f;
}

bool is_missing(const std::string &why)
{
	return why.find("No such file or directory") != std::string::npos;
}

finding missing_folder(const replica_settings &r, bool may_be_made)
{
	finding f = about(r, "directory");
	f.what = "it is not there";
	if (may_be_made) {
		f.what += " and will be made";
		return f;
	}
	f.how = verdict::fail;
	f.mend = "make " + tools::quoted_name(r.where.target) +
		 ", or use --create-dirs";
	return f;
}

/// Without it, everything works but is slower.
finding no_apply(const replica_settings &r, const trial_result &end)
{
	constexpr int not_found = 127;
	finding f = about(r, "imon-apply");
	f.how = verdict::warn;
	f.what = (end.end.status == not_found || end.end.status < 0
			  ? "it is missing"
			  : mirrord::parse_apply(end.output, 1).why) +
		 "; what is renamed is sent again";
	f.mend = "install imon-apply there, see imon-apply(8)";
	return f;
}

finding judge_ssh(const replica_settings &r, const trial_result &apply,
		  const trial_result &rsync)
{
	finding f = about(r, "ssh");
	f.what = "lets us in without a password";
	if (apply.end.status < 0 && !apply_command(r).empty()) {
		f.how = verdict::fail;
		f.what = tools::quoted_name(apply.end.message);
		f.mend = "try by hand: " + r.rsh;
	}
	for (const trial_result *t : {&apply, &rsync})
		if (const auto trouble = ssh_trouble(r.where, t->end)) {
			f.how = verdict::fail;
			f.what = trouble->what;
			f.mend = trouble->mend;
		}
	return f;
}

finding judge_rsync(const replica_settings &r, const trial_result &end)
{
	constexpr std::string_view mark = "Protocol versions: remote=";
	constexpr unsigned of_3_1 = 31;
	finding f = about(r, "rsync");
	unsigned protocol = 0;
	const std::size_t at = end.output.find(mark);
	if (at != std::string::npos)
		std::sscanf(end.output.c_str() + at + mark.size(), "%u",
			    &protocol);
	f.what = "speaks protocol " + std::to_string(protocol);
	if (end.end.status != 0) {
		f.how = verdict::fail;
		f.what = describe_rsync(end.end);
		f.mend = end.end.message.find("not found") != std::string::npos
				 ? "install rsync there"
				 : "try by hand: rsync --list-only " +
					   tools::quoted_name(r.where.target);
	} else if (protocol < of_3_1) {
		f.how = verdict::fail;
		f.mend = "install rsync 3.1.3 or newer there";
	}
	return f;
}

} // namespace

trial apply_trial(const replica_settings &r)
{
	replica_settings asked = r;
	asked.rsh = unattended(r.rsh);
	return {apply_command(asked), mirrord::probe_list()};
}

/// What both sides need; changes nothing.
static std::vector<std::string> connection(const replica_settings &r)
{
	std::vector<std::string> argv = {r.rsync,	"--debug=proto",
					 "--dry-run",	"--dirs",
					 "--exclude=*", "--timeout=30"};
	if (r.where.by == destination::way::shell)
		argv.insert(argv.end(), {"-e", unattended(r.rsh)});
	else
		argv.push_back("--contimeout=30");
	argv.insert(argv.end(), r.rsync_options.begin(), r.rsync_options.end());
	return argv;
}

trial rsync_trial(const replica_settings &r)
{
	if (r.where.by == destination::way::local)
		return {};
	auto argv = connection(r);
	argv.insert(argv.end(), {"--list-only", "--", r.where.target});
	return {argv};
}

trial write_trial(const replica_settings &r)
{
	if (r.where.by != destination::way::rsyncd)
		return {};
	auto argv = connection(r);
	argv.insert(argv.end(), {"--", "./", r.where.target});
	return {argv};
}

findings judge_write(const replica_settings &r, const trial_result &rsync,
		     const trial_result &write)
{
	if (r.where.by != destination::way::rsyncd || rsync.end.status != 0)
		return {};
	finding f = about(r, "writing");
	f.what = "is allowed";
	if (write.end.status != 0) {
		f.how = verdict::fail;
		f.what = describe_rsync(write.end);
		f.mend = "set 'read only = no' for its module in rsyncd.conf "
			 "there";
	}
	return {f};
}

findings judge_replica(const replica_settings &r, bool may_be_made,
		       const trial_result &apply, const trial_result &rsync)
{
	const bool is_local = r.where.by == destination::way::local;
	findings all;
	if (r.where.by == destination::way::shell) {
		all.push_back(judge_ssh(r, apply, rsync));
		if (any_failed(all))
			return all;
	}
	if (is_local)
		all.push_back(examine_place(about(r, "directory").about,
					    r.where.target, may_be_made));
	else if (is_missing(apply.output) ||
		 (rsync.end.status > 0 && is_missing(rsync.end.message)))
		all.push_back(missing_folder(r, may_be_made));
	else
		all.push_back(judge_rsync(r, rsync));
	if (apply_command(r).empty() || is_missing(apply.output))
		return all;
	const auto probe = mirrord::parse_probe(apply.output);
	all.push_back(probe ? judge_version(r, *probe) : no_apply(r, apply));
	if (!probe || is_local)
		return all;
	all.push_back(judge_room(about(r, "space").about,
				 {probe->free_bytes, probe->free_inodes}));
	if (probe->time)
		all.push_back(judge_clock(r, *probe->time, apply));
	return all;
}

} // namespace imon::mirror
