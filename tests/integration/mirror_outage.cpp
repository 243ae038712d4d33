// SPDX-License-Identifier: GPL-2.0-or-later
//
// One replica is down for a while: the other gets everything meanwhile, and
// the first one catches up when it is back.
#include "mirrord.hpp"
#include "tap.hpp"

int main()
{
	return tap::run(4, [] {
		const stage s("mirror_outage");
		const fs::path source = s.directory("source");
		const fs::path local = s.directory("local");
		const fs::path by_rsyncd = s.directory("by_rsyncd");
		rsync_server rsyncd(s, by_rsyncd);
		mirrord daemon(source, {local, rsync_server::url()});

		write_file(source / "early", "before");
		daemon.await_caught_up();
		rsyncd.stop();
		write_file(source / "early", "changed");
		for (int i = 0; i < 20; i++) {
			const fs::path directory = source / std::to_string(i);
			fs::create_directory(directory);
			write_file(directory / "file", "new");
		}
		daemon.await_word("no connection");
		await("the other replica is identical",
		      [&] { return differences(source, local).empty(); });
		tap::ok(true, "the other replica is identical");
		tap::ok(!differences(source, by_rsyncd).empty(),
			"the replica that is down is behind");

		rsyncd.start();
		daemon.await_caught_up();
		std::string diff = differences(source, by_rsyncd);
		tap::ok(diff.empty(), "it catches up when it is back", diff);
		diff = differences(source, local);
		tap::ok(diff.empty(), "the other one still is identical", diff);
	});
}
