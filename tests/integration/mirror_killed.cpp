// SPDX-License-Identifier: GPL-2.0-or-later
//
// The daemon is killed while users work and rsync runs; started again, it
// still makes the replicas identical.
#include "mirrord.hpp"
#include "tap.hpp"
#include "writers.hpp"

int main()
{
	return tap::run(3, [] {
		const stage s("mirror_killed");
		const fs::path source = s.directory("source");
		const fs::path over_ssh = s.directory("over_ssh");
		const fs::path by_rsyncd = s.directory("by_rsyncd");
		const ssh_server ssh;
		const rsync_server rsyncd(s, by_rsyncd);
		const std::vector<std::string> replicas = {
			"127.0.0.1:" + over_ssh.string(), rsync_server::url()};

		auto daemon = std::make_unique<mirrord>(source, replicas,
							mirrord::unguarded);
		daemon->await_word("STATUS=in sync");
		writers users(source, s.directory("outside"), seed(), 2000);
		users.await(1000);
		daemon->await_word("pending");
		daemon->signal(SIGKILL);
		tap::ok(daemon->wait() == 128 + SIGKILL,
			"the daemon was killed in the middle");

		daemon.reset();
		daemon = std::make_unique<mirrord>(source, replicas,
						   mirrord::unguarded);
		users.join();
		daemon->await_caught_up();
		std::string diff = differences(source, over_ssh);
		tap::ok(diff.empty(), "the replica over ssh is identical",
			diff);
		diff = differences(source, by_rsyncd);
		tap::ok(diff.empty(), "the rsync daemon's replica is identical",
			diff);
	});
}
