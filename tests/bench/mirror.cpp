// SPDX-License-Identifier: GPL-2.0-or-later
#include "mirror.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>

namespace {

const std::string address = "127.0.0.1", port = "8730";
const fs::path place = "/mnt/tmpfs";
const fs::path groups = "/run/groups";

std::vector<std::string> command_of_mirrord(
	const fs::path &source, const std::vector<std::string> &replicas)
{
	std::vector<std::string> argv{"imon-mirrord", "--max-delete=0",
				      "--max-delete-percent=0"};
	for (const std::string &replica : replicas)
		argv.insert(argv.end(), {"--to", replica});
	argv.push_back(source);
	return argv;
}

/// @param layer  of lsyncd's, that makes a sync of a replica's name
std::vector<std::string> command_of_lsyncd(
	const fs::path &source, const std::vector<std::string> &replicas,
	const std::function<std::string(const std::string &)> &layer)
{
	const fs::path file = source.parent_path() / "lsyncd.conf";
	std::ofstream config(file);
	config << "settings { nodaemon = true, insist = true, maxProcesses = "
	       << replicas.size() << " }\n";
	for (const std::string &replica : replicas)
		config << "sync { " << layer(replica) << ", source = '"
		       << source.string()
		       << "', delay = 0, rsync = { archive = true, acls = "
			  "true, xattrs = true } }\n";
	return {"lsyncd", "-nodaemon", file};
}

std::vector<std::string> command_of_rsync_layer(
	const fs::path &source, const std::vector<std::string> &replicas)
{
	return command_of_lsyncd(source, replicas, [](const auto &replica) {
		return "default.rsync, target = '" + replica + "'";
	});
}

std::vector<std::string> command_of_rsyncssh_layer(
	const fs::path &source, const std::vector<std::string> &replicas)
{
	return command_of_lsyncd(source, replicas, [](const auto &replica) {
		const auto colon = replica.find(':');
		return "default.rsyncssh, host = '" + replica.substr(0, colon) +
		       "', targetdir = '" + replica.substr(colon + 1) + "'";
	});
}

/// The number after a word at the beginning of a line.
long number(const fs::path &file, const std::string &word)
{
	std::ifstream in(file);
	long value = 0;
	for (std::string first, rest; in >> first; std::getline(in, rest))
		if (first == word && in >> value)
			return value;
	throw std::runtime_error(file.string() + " has no " + word);
}

std::vector<std::string> rsyncd()
{
	const fs::path file = "/run/bench-rsyncd.conf";
	std::ofstream(file) << "address = " << address << "\nport = " << port
			    << "\nreverse lookup = no\nlog file = /dev/null\n"
			       "use chroot = no\nread only = no\n"
			       "uid = 0\ngid = 0\n[all]\npath = "
			    << place.string() << "\n";
	return {"rsync", "--daemon", "--no-detach",
		"--config=" + file.string()};
}

} // namespace

const program imon_mirrord{"imon-mirrord", command_of_mirrord};
const program lsyncd{"lsyncd", command_of_rsync_layer};
const program lsyncd_rsyncssh{"lsyncd", command_of_rsyncssh_layer};

servers::servers()
	: ssh_({"/usr/sbin/sshd", "-D", "-e", "-o", "ListenAddress=" + address})
	, rsync_(rsyncd())
{
	fs::create_directory(groups);
	if (mount("none", groups.c_str(), "cgroup2", 0, nullptr))
		throw std::runtime_error("there are no control groups");
}

mirror::mirror(const program &what, way by, int replicas)
	: what_(what)
	, root_(place / what.name)
	, source_(root_ / "source")
	, group_(groups / what.name)
{
	fs::create_directories(source_);
	fs::create_directories(group_);
	for (int i = 0; i < replicas; i++) {
		const fs::path replica = root_ / ("r" + std::to_string(i));
		fs::create_directory(replica);
		replicas_.push_back(replica);
		names_.push_back(by == way::ssh
					 ? address + ":" + replica.string()
					 : "rsync://" + address + ":" + port +
						   "/all/" + what.name + "/" +
						   replica.filename().string());
	}
}

mirror::~mirror()
{
	stop();
	fs::remove_all(root_);
}

// What it says goes to a file: a console would take its time.
void mirror::start()
{
	daemon_ = std::make_unique<process>(
		what_.command(source_, names_), std::vector<std::string>{},
		[this] {
			std::ofstream(group_ / "cgroup.procs") << "0\n";
			const int log =
				open((root_ / "log").c_str(),
				     O_WRONLY | O_CREAT | O_APPEND, 0644);
			dup2(log, STDOUT_FILENO);
			dup2(log, STDERR_FILENO);
		});
}

void mirror::stop()
{
	daemon_.reset();
	await("all that it started is gone", [this] {
		return !number(group_ / "cgroup.events", "populated");
	});
}

void mirror::check() const
{
	siginfo_t ended{};
	waitid(P_PID, static_cast<id_t>(daemon_->id()), &ended,
	       WEXITED | WNOHANG | WNOWAIT);
	if (!ended.si_pid)
		return;
	std::stringstream said;
	said << std::ifstream(root_ / "log").rdbuf();
	throw std::runtime_error(name() + " has ended:\n" + said.str());
}

long mirror::cpu() const
{
	return number(group_ / "cpu.stat", "usage_usec") / 1000;
}

long mirror::resident() const
{
	return number("/proc/" + std::to_string(daemon_->id()) + "/status",
		      "VmRSS:");
}
