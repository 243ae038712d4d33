// SPDX-License-Identifier: GPL-2.0-or-later
//
// What may befall a mirror at work, apart from its own end (mirror_killed): the
// programs that it uses are killed, a replica is away for long, a disk is full,
// the clock jumps. All end identical, and the other replicas do not notice.
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <system_error>

#include "mirrord.hpp"
#include "small_disk.hpp"
#include "tap.hpp"
#include "writers.hpp"

namespace {

void same(const fs::path &source, const fs::path &replica,
	  const std::string &what)
{
	const std::string diff = differences(source, replica);
	tap::ok(diff.empty(), what, diff);
}

void change(const fs::path &source, const std::string &to, int files)
{
	for (int i = 0; i < files; i++) {
		const fs::path in = source / std::to_string(i % 20);
		fs::create_directories(in);
		write_file(in / std::to_string(i), to);
	}
}

/// While users work.
void programs_killed(const stage &s)
{
	const fs::path source = s.directory("programs");
	const fs::path over_ssh = s.directory("programs.over_ssh");
	const fs::path by_rsyncd = s.directory("programs.by_rsyncd");
	const ssh_server ssh;
	rsync_server rsyncd(s, by_rsyncd);
	mirrord daemon(source,
		       {"127.0.0.1:" + over_ssh.string(), rsync_server::url()},
		       mirrord::unguarded);
	daemon.await_caught_up();
	writers users(source, s.directory("programs.outside"), seed(), 600);
	const std::vector<std::function<int()>> killings = {
		[&] {
			// Not counting the daemon.
			const int n = signal_all("rsync", SIGKILL) - 1;
			rsyncd.start();
			return n;
		},
		[] { return signal_all("ssh", SIGKILL); },
		[&] { return ssh.cut(); },
	};
	int killed = 0;
	for (int i = 0; i < 12; i++) {
		users.await(i * 50);
		killed += killings[static_cast<std::size_t>(i) %
				   killings.size()]();
	}
	users.join();
	daemon.ask({"flush"});
	daemon.await_caught_up();
	tap::ok(killed > 0, "killed programs: there were some to kill");
	same(source, over_ssh, "killed programs: the replica over ssh");
	same(source, by_rsyncd, "killed programs: the rsync daemon's replica");
}

/// 500 changes, or LOAD percent of that, and the daemon is killed meanwhile.
void long_absence(const stage &s)
{
	const char *load = std::getenv("LOAD");
	const int changes = 5 * (load ? std::atoi(load) : 100);
	const fs::path source = s.directory("absence");
	const fs::path local = s.directory("absence.local");
	const fs::path away = s.directory("absence.away");
	rsync_server rsyncd(s, away);
	const std::vector<std::string> replicas = {local, rsync_server::url()};
	auto daemon = std::make_unique<mirrord>(source, replicas);
	daemon->await_caught_up();
	rsyncd.stop();
	change(source, "first", changes / 2);
	fs::rename(source / "7", source / "8/seven");
	daemon->ask({"wait", "--replica", local});
	daemon->signal(SIGKILL);
	daemon->wait();
	daemon.reset();

	daemon = std::make_unique<mirrord>(source, replicas);
	change(source, "second", changes / 2);
	daemon->ask({"wait", "--replica", local});
	same(source, local, "long absence: the other gets everything");
	rsyncd.start();
	daemon->ask({"flush"});
	// However long it takes; the guest ends what says nothing any more.
	daemon->ask({"wait"});
	daemon->await_caught_up();
	same(source, away, "long absence: it catches up");
}

/// Nothing can be written down, and then the daemon is killed.
void journal_on_a_full_disk(const stage &s)
{
	const fs::path source = s.directory("journal");
	const fs::path replica = s.directory("journal.replica");
	const small_disk state(s.directory("journal.state"), "1m");
	setenv("STATE_DIRECTORY", state.path().c_str(), 1);
	const auto start = [&] {
		auto daemon = std::make_unique<mirrord>(
			source, std::vector<std::string>{replica});
		daemon->await_caught_up();
		return daemon;
	};
	auto daemon = start();
	daemon->signal(SIGTERM);
	daemon->wait();
	daemon.reset();
	// Now it is written down that the initial sync is done. Another one
	// would hide what is lost.
	daemon = start();
	state.fill();
	change(source, "meanwhile", 150);
	daemon->ask({"wait"});
	same(source, replica, "full journal: work goes on");
	tap::ok(!mirrord::acknowledged(),
		"full journal: the kernel keeps what is not written down");
	daemon->signal(SIGSTOP);
	change(source, "unseen", 50);
	daemon->signal(SIGKILL);
	daemon->wait();
	daemon.reset();
	state.make_room();
	daemon = start();
	same(source, replica, "full journal: nothing is lost");
	unsetenv("STATE_DIRECTORY");
}

void replica_on_a_full_disk(const stage &s)
{
	const fs::path source = s.directory("full");
	const fs::path good = s.directory("full.good");
	small_disk disk(s.directory("full.disk"), "1m");
	const fs::path small = disk.path() / "replica";
	mirrord daemon(source, {small, good});
	daemon.await_caught_up();
	write_file(source / "big", std::string(3 << 20, 'x'));
	change(source, "more", 50);
	daemon.ask({"wait", "--replica", good});
	same(source, good, "full replica: the other one gets everything");
	tap::ok(!differences(source, small).empty(),
		"full replica: it is behind");
	disk.resize("32m");
	daemon.ask({"flush"});
	daemon.await_caught_up();
	same(source, small, "full replica: it catches up when there is room");
}

/// Of the clock on the wall; what the daemon waits for goes by another.
void clock_jumps(const stage &s)
{
	const fs::path source = s.directory("clock");
	const fs::path replica = s.directory("clock.replica");
	mirrord daemon(source, {replica});
	daemon.await_caught_up();
	constexpr time_t day = 24 * 60 * 60;
	for (const time_t jump : {day, -2 * day, day}) {
		timespec now{};
		clock_gettime(CLOCK_REALTIME, &now);
		change(source, "before " + std::to_string(jump), 60);
		now.tv_sec += jump;
		if (clock_settime(CLOCK_REALTIME, &now) < 0)
			throw std::system_error(errno, std::generic_category(),
						"clock_settime");
		change(source, "jumped " + std::to_string(jump), 40);
		daemon.await_caught_up();
		same(source, replica,
		     "clock jumps " + std::to_string(jump) + " s");
	}
}

} // namespace

int main()
{
	return tap::run(14, [] {
		const stage s("mirror_disasters");
		tap::each({
			[&] { programs_killed(s); },
			[&] { long_absence(s); },
			[&] { journal_on_a_full_disk(s); },
			[&] { replica_on_a_full_disk(s); },
			[&] { clock_jumps(s); },
		});
	});
}
