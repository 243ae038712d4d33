// SPDX-License-Identifier: GPL-2.0-or-later
#include "chaos.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>

#include "tap.hpp"
#include "writers.hpp"

static constexpr int operations = 300;

chaos::chaos(const stage &s, const host &away, std::uint32_t seed)
	: away_(away)
	, random_(seed)
	// busybox's mount takes the loop device of an older file of that name, if
	// somebody still has it in use.
	, image_(s.directory("image") / std::to_string(seed))
	, disk_(s.directory("disk"))
	, source_(disk_ / "source")
	, outside_(disk_ / "outside")
	, over_ssh_(s.directory("away") / std::to_string(seed))
	, by_rsyncd_(s.directory("by_rsyncd"))
	, small_(s.directory("small"), "64m")
	, rsyncd_(s, by_rsyncd_)
	, accidents_(accidents())
{
	std::ofstream(image_).close();
	fs::resize_file(image_, 256 << 20);
	run({"mke2fs", "-q", "-F", "-t", "ext4", image_});
	mount_source();
	fs::create_directory(source_);
	fs::create_directory(outside_);
	fs::create_directories(over_ssh_);
	make_small_queue(source_);
	start();
	// Else the initial sync would hide what the events miss.
	daemon_->await_caught_up();
}

chaos::~chaos()
{
	daemon_.reset();
	umount2(disk_.c_str(), MNT_DETACH);
	for (const fs::path &used : {over_ssh_, by_rsyncd_, image_})
		fs::remove_all(used);
}

std::vector<chaos::accident> chaos::accidents()
{
	const auto signal_sshd = [](int number) { signal_all("sshd", number); };
	return {
		{"the daemon is killed", [this] { kill_daemon(); },
		 [this] { start(); }},
		{"the daemon is stopped", [this] { signal_daemon(SIGSTOP); },
		 [this] { signal_daemon(SIGCONT); }},
		{"rsync is killed", [] { signal_all("rsync", SIGKILL); },
		 [this] { rsyncd_.start(); }},
		{"ssh is killed", [] { signal_all("ssh", SIGKILL); }},
		{"sshd's sessions are killed", [this] { away_.ssh().cut(); }},
		{"the cable is out", [this] { away_.plug_in(false); },
		 [this] { away_.plug_in(true); }},
		{"sshd is stopped", [=] { signal_sshd(SIGSTOP); },
		 [=] { signal_sshd(SIGCONT); }},
		{"the rsync daemon is down", [this] { rsyncd_.stop(); },
		 [this] { rsyncd_.start(); }},
		{"a replica's disk is full", [this] { small_.fill(); },
		 [this] { small_.make_room(); }},
		{"many renames", [this] { rename_storm(); }},
	};
}

void chaos::start()
{
	daemon_ = std::make_unique<mirrord>(
		source_,
		std::vector<std::string>{"away:" + over_ssh_.string(),
					 rsync_server::url(),
					 small_.path() / "tree"},
		mirrord::unguarded);
}

void chaos::kill_daemon()
{
	daemon_->signal(SIGKILL);
	daemon_->wait();
	daemon_.reset();
}

void chaos::signal_daemon(int number) const
{
	if (daemon_)
		daemon_->signal(number);
}

void chaos::mount_source() const
{
	run({"mount", "-o", "loop", image_, disk_});
}

/// The daemon halts for it, and is started again by somebody.
void chaos::remount()
{
	tap::note("the source is unmounted");
	// One that has just been started refuses a source that is not there.
	daemon_->await_word("READY=1");
	// Not while rsync works in it.
	await("the source can be unmounted",
	      [this] { return umount(disk_.c_str()) == 0; });
	daemon_->await_word("STATUS=halted");
	daemon_->wait();
	daemon_.reset();
	mount_source();
	start();
}

/// What is at the top of the tree changes places.
void chaos::rename_storm()
{
	for (int i = 0; i < 30; i++) {
		std::vector<fs::path> top;
		for (const auto &entry : fs::directory_iterator(source_))
			top.push_back(entry.path());
		if (top.empty())
			return;
		renameat2(AT_FDCWD, top[pick(top.size())].c_str(), AT_FDCWD,
			  top[pick(top.size())].c_str(), RENAME_EXCHANGE);
	}
}

void chaos::strike_or_mend(accident &a)
{
	tap::note(a.name + (a.on ? ": no more" : ""));
	(a.on ? a.mend : a.strike)();
	a.on = !a.on;
}

void chaos::rage()
{
	for (int phase = 0; phase < 2; phase++) {
		writers users(source_, outside_,
			      static_cast<std::uint32_t>(random_()),
			      operations);
		for (int done = 0; done < operations; done += operations / 8) {
			users.await(done);
			strike_or_mend(accidents_[pick(accidents_.size())]);
		}
		users.join();
		for (accident &a : accidents_)
			if (a.on)
				strike_or_mend(a);
		if (phase == 0 && pick(2))
			remount();
	}
}

std::string chaos::outcome()
{
	// What waits after a failure would make this take a minute.
	daemon_->ask({"flush"});
	daemon_->await_caught_up();
	std::string text;
	for (const fs::path &replica :
	     {over_ssh_, by_rsyncd_, small_.path() / "tree"})
		if (const std::string diff = differences(source_, replica);
		    !diff.empty())
			text += replica.string() + ":\n" + diff;
	return text;
}
