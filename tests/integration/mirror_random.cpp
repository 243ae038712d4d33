// SPDX-License-Identifier: GPL-2.0-or-later
//
// Three users work on a tree at random while it is mirrored over ssh and to
// an rsync daemon; afterwards both replicas are identical to it.
#include "mirrord.hpp"
#include "tap.hpp"
#include "writers.hpp"

int main()
{
	return tap::run(3, [] {
		const stage s("mirror_random");
		const fs::path source = s.directory("source");
		const fs::path over_ssh = s.directory("over_ssh");
		const fs::path by_rsyncd = s.directory("by_rsyncd");
		const ssh_server ssh;
		const rsync_server rsyncd(s, by_rsyncd);

		mirrord daemon(
			source,
			{"127.0.0.1:" + over_ssh.string(), rsync_server::url()},
			mirrord::unguarded);
		// Else the initial sync would hide what the events miss.
		daemon.await_word("STATUS=in sync");
		const std::uint32_t first = seed();
		const fs::path outside = s.directory("outside");
		writers(source, outside, first, 2000).join();
		daemon.await_caught_up();
		// After a storm nearly every directory has been compared whole.
		// What the events miss shows when there is little to do.
		for (std::uint32_t round = 1; round <= 6; round++) {
			writers(source, outside, first + 3 * round, 100).join();
			daemon.await_caught_up();
		}

		std::string diff = differences(source, over_ssh);
		tap::ok(diff.empty(), "the replica over ssh is identical",
			diff);
		diff = differences(source, by_rsyncd);
		tap::ok(diff.empty(), "the rsync daemon's replica is identical",
			diff);
		daemon.signal(SIGTERM);
		tap::ok(daemon.wait() == 0, "the daemon ends in good order");
	});
}
