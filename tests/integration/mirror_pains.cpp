// SPDX-License-Identifier: GPL-2.0-or-later
//
// What users of other mirrors suffer from, one test each, named after the pain.
// Watch limits, memory and a slow start with many directories: see many_dirs.
// An unmounted source: see mirror_halts.
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <map>
#include <system_error>
#include <tuple>

#include "mirrord.hpp"
#include "tap.hpp"

namespace {

void same(const fs::path &source, const fs::path &replica,
	  const std::string &what)
{
	const std::string diff = differences(source, replica);
	tap::ok(diff.empty(), what, diff);
}

/// As chattr +i and -i.
void set_immutable(const fs::path &file, bool yes)
{
	const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
	long flags = 0;
	bool good = fd >= 0 && ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0;
	flags = yes ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
	good = good && ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0;
	const int why = errno;
	close(fd);
	if (!good)
		throw std::system_error(why, std::generic_category(), "chattr");
}

/// What cannot be written is told, holds up nobody, and is not forgotten.
void silent_divergence(const stage &s)
{
	const fs::path source = s.directory("divergence");
	const fs::path replica = s.directory("divergence.replica");
	write_file(source / "file", "old");
	mirrord daemon(source, {replica});
	daemon.await_caught_up();

	set_immutable(replica / "file", true);
	write_file(source / "file", "changed");
	write_file(source / "other", "new");
	daemon.await_word(" failing");
	tap::ok(true,
		"silent divergence: a file that cannot be written is told");
	await("the other file arrives",
	      [&] { return fs::exists(replica / "other"); });
	tap::ok(!differences(source, replica).empty(),
		"silent divergence: the others arrive meanwhile");
	set_immutable(replica / "file", false);
	daemon.await_caught_up();
	same(source, replica, "silent divergence: it arrives when it can");
}

void files_lost_in_new_directories(const stage &s)
{
	const fs::path source = s.directory("new");
	const fs::path replica = s.directory("new.replica");
	mirrord daemon(source, {replica});
	daemon.await_caught_up();
	for (int i = 0; i < 500; i++) {
		const fs::path made = source / std::to_string(i) / "a/b/c";
		fs::create_directories(made);
		write_file(made / "file", "new");
	}
	daemon.await_caught_up();
	same(source, replica, "new directories: none of 500 files is lost");
}

/// Which file it is: its number is soon given to another, its birth is not.
using identity = std::tuple<std::uint64_t, std::int64_t, std::uint32_t>;

std::map<std::string, identity> identities(const fs::path &root)
{
	std::map<std::string, identity> all;
	for (const auto &e : fs::recursive_directory_iterator(root)) {
		struct statx st {};
		statx(AT_FDCWD, e.path().c_str(), AT_SYMLINK_NOFOLLOW,
		      STATX_INO | STATX_BTIME, &st);
		all[e.path().lexically_relative(root)] = {
			st.stx_ino, st.stx_btime.tv_sec, st.stx_btime.tv_nsec};
	}
	return all;
}

/// A file that was sent again is another file.
void renames_are_copied_again(const stage &s)
{
	const fs::path source = s.directory("renames");
	const fs::path local = s.directory("renames.local");
	const fs::path over_ssh = s.directory("renames.over_ssh");
	fs::create_directories(source / "big/below");
	fs::create_directory(source / "elsewhere");
	for (int i = 0; i < 8; i++)
		write_file(source / "big/below" / std::to_string(i),
			   std::string(1 << 20, 'x'));
	const ssh_server ssh;
	mirrord daemon(source, {local, "127.0.0.1:" + over_ssh.string()});
	daemon.await_caught_up();
	const auto before = identities(local / "big");
	const auto before_over_ssh = identities(over_ssh / "big");
	fs::rename(source / "big", source / "elsewhere/moved");
	daemon.await_caught_up();
	tap::ok(identities(local / "elsewhere/moved") == before,
		"renames: nothing is copied again");
	tap::ok(identities(over_ssh / "elsewhere/moved") == before_over_ssh,
		"renames: nothing is sent again over ssh");
	same(source, local, "renames: the replica is identical");
	same(source, over_ssh, "renames: the one over ssh is identical");
}

/// One refuses, one cannot be written to, one takes connections and never
/// answers: the last of the four gets every change.
void one_bad_host_stalls_the_rest(const stage &s)
{
	const fs::path source = s.directory("hosts");
	const fs::path good = s.directory("hosts.good");
	write_file(source / "file", "0");
	rsync_server silent(s, s.directory("hosts.silent"));
	silent.signal(SIGSTOP);
	{
		mirrord daemon(source,
			       {rsync_server::url(), "rsync://127.0.0.1:9/none",
				"/proc/none", good});
		daemon.await_word("no connection");
		daemon.await_word("/proc/none: ");
		for (int i = 1; i <= 20; i++) {
			write_file(source / "file", std::to_string(i));
			await("change " + std::to_string(i), [&] {
				return differences(source, good).empty();
			});
		}
		tap::ok(true, "bad hosts: the good one gets every change");
	}
	silent.signal(SIGCONT);
}

/// More happens than its queue holds while the daemon does not run.
void overflow_storms(const stage &s)
{
	const fs::path source = s.directory("storm");
	const fs::path replica = s.directory("storm.replica");
	make_small_queue(source);
	mirrord daemon(source, {replica});
	daemon.await_caught_up();
	daemon.signal(SIGSTOP);
	for (int i = 0; i < 2'000; i++) {
		const fs::path in = source / std::to_string(i % 50) / "below";
		fs::create_directories(in);
		write_file(in / std::to_string(i), "new");
	}
	fs::rename(source / "7", source / "8/seven");
	fs::remove_all(source / "9");
	daemon.signal(SIGCONT);
	daemon.await_caught_up();
	tap::ok(overflowed(source), "overflow: the queue was too small");
	same(source, replica, "overflow: nothing is lost");
}

/// What nobody changed is not even looked at: a file that was damaged on the
/// replica would be mended by that.
void restart_is_a_full_resync(const stage &s)
{
	const fs::path source = s.directory("restart");
	const fs::path replica = s.directory("restart.replica");
	write_file(source / "steady", "as it was");
	{
		mirrord daemon(source, {replica});
		daemon.await_caught_up();
		daemon.signal(SIGTERM);
		daemon.wait();
	}
	write_file(replica / "steady", "damaged");
	write_file(source / "while away", "1");
	{
		mirrord daemon(source, {replica});
		daemon.await_caught_up();
		tap::ok(fs::exists(replica / "while away"),
			"restart: what happened meanwhile arrives");
		daemon.signal(SIGKILL);
		daemon.wait();
	}
	write_file(source / "while dead", "2");
	mirrord daemon(source, {replica});
	daemon.await_caught_up();
	tap::ok(fs::exists(replica / "while dead"),
		"restart: also after it was killed");
	tap::ok(fs::file_size(replica / "steady") == 7,
		"restart: nothing else is compared");
}

/// Part of the tree goes at once; the root is there, so nothing else would tell.
void mass_deletion(const stage &s)
{
	const fs::path source = s.directory("deletion");
	const fs::path replica = s.directory("deletion.replica");
	const fs::path gone = s.directory("deletion.gone") / "most";
	fs::create_directory(source / "most");
	for (int i = 0; i < 200; i++)
		write_file((i % 4 ? source / "most" : source) /
				   std::to_string(i),
			   "precious");
	mirrord daemon(source, {replica});
	daemon.await_caught_up();
	fs::rename(source / "most", gone);
	daemon.await_word(" deletions held");
	same(gone, replica / "most", "mass deletion: is held");
}

void hard_links(const stage &s)
{
	const fs::path source = s.directory("links");
	const fs::path replica = s.directory("links.replica");
	fs::create_directory(source / "a");
	write_file(source / "a/one", "shared");
	mirrord daemon(source, {replica});
	daemon.await_caught_up();
	fs::create_directory(source / "b");
	fs::create_hard_link(source / "a/one", source / "b/two");
	daemon.await_caught_up();
	write_file(source / "b/two", "changed by its other name");
	daemon.await_caught_up();
	tap::ok(fs::equivalent(replica / "a/one", replica / "b/two"),
		"hard links: stay links");
	same(source, replica, "hard links: the replica is identical");
}

/// As a log file is: nobody ever closes it.
void files_held_open(const stage &s)
{
	const fs::path source = s.directory("open");
	const fs::path replica = s.directory("open.replica");
	mirrord daemon(source, {replica});
	daemon.await_caught_up();
	std::ofstream log(source / "log");
	log << "opened" << std::flush;
	daemon.await_caught_up();
	log << ", written to" << std::flush;
	await("what is written is sent",
	      [&] { return differences(source, replica).empty(); });
	tap::ok(true, "held open: what is written is sent");
}

void moved_in_with_a_directory(const stage &s)
{
	const fs::path source = s.directory("moved");
	const fs::path replica = s.directory("moved.replica");
	const fs::path outside = s.directory("moved.outside");
	fs::create_directories(outside / "deep/er");
	write_file(outside / "deep/er/file", "was there before");
	mirrord daemon(source, {replica});
	daemon.await_caught_up();
	fs::rename(outside / "deep", source / "deep");
	daemon.await_caught_up();
	same(source, replica, "moved in: what is in the directory arrives");
}

} // namespace

int main()
{
	return tap::run(19, [] {
		const stage s("mirror_pains");
		tap::each({
			[&] { silent_divergence(s); },
			[&] { files_lost_in_new_directories(s); },
			[&] { renames_are_copied_again(s); },
			[&] { one_bad_host_stalls_the_rest(s); },
			[&] { overflow_storms(s); },
			[&] { restart_is_a_full_resync(s); },
			[&] { mass_deletion(s); },
			[&] { hard_links(s); },
			[&] { files_held_open(s); },
			[&] { moved_in_with_a_directory(s); },
		});
	});
}
