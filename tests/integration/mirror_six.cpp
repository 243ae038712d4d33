// SPDX-License-Identifier: GPL-2.0-or-later
//
// One tree and six replicas: three over ssh, two by an rsync daemon, one here.
// A deploy script that asks for most of them is not kept waiting by two that are
// away; in the end all six are identical.
#include "mirrord.hpp"
#include "tap.hpp"
#include "writers.hpp"

int main()
{
	return tap::run(8, [] {
		const stage s("mirror_six");
		const fs::path source = s.directory("source");
		const fs::path away = s.directory("by_rsyncd");
		const fs::path outside = s.directory("outside");
		const ssh_server ssh;
		rsync_server rsyncd(s, away);
		std::vector<fs::path> folders;
		std::vector<std::string> replicas;
		for (const char *name : {"ssh1", "ssh2", "ssh3"}) {
			folders.push_back(s.directory(name));
			replicas.push_back("127.0.0.1:" +
					   folders.back().string());
		}
		for (const char *name : {"one", "two"}) {
			folders.push_back(away / name);
			replicas.push_back(rsync_server::url() + '/' + name);
		}
		folders.push_back(s.directory("local"));
		replicas.push_back(folders.back());

		mirrord daemon(source, replicas, mirrord::unguarded);
		// Else the initial sync would hide what the events miss.
		daemon.await_caught_up();
		const std::uint32_t first = seed();
		writers(source, outside, first, 90).join();
		rsyncd.stop();
		write_file(source / "release", "2");
		daemon.ask({"wait", "--quorum", "4"});
		unsigned have = 0;
		for (const fs::path &folder : folders)
			have += fs::exists(folder / "release");
		tap::ok(have >= 4, "four of six have it while two are away",
			std::to_string(have) + " have it");
		writers(source, outside, first + 3, 30).join();
		rsyncd.start();
		daemon.ask({"flush"});
		daemon.await_caught_up();
		for (const fs::path &folder : folders) {
			const std::string diff = differences(source, folder);
			tap::ok(diff.empty(),
				folder.filename().string() + " is identical",
				diff);
		}
		daemon.signal(SIGTERM);
		tap::ok(daemon.wait() == 0, "the daemon ends in good order");
	});
}
