// SPDX-License-Identifier: GPL-2.0-or-later
//
// When the source is no longer there, nothing is mirrored: the daemon halts
// with the reason, and the replica stays as it was.
#include <fcntl.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstdio>
#include <functional>
#include <system_error>

#include "mirrord.hpp"
#include "tap.hpp"

static constexpr int halted = 3;

namespace {

struct accident {
	std::string name;
	std::string reason; ///< that the daemon is to give
	std::function<void(const fs::path &)> happen;
};

/// Mirrors a tree, lets the accident happen to it, and compares the replica
/// with what the tree was.
void check(const stage &s, const accident &a)
{
	const fs::path source = s.directory(a.name);
	const fs::path before = s.directory(a.name + ".before");
	const fs::path replica = s.directory(a.name + ".replica");
	if (mount("none", source.c_str(), "tmpfs", 0, nullptr) < 0)
		throw std::system_error(errno, std::generic_category(),
					"mount");
	fs::create_directories(source / "some" / "directory");
	write_file(source / "some" / "file", "precious");
	run({"rsync", "-aAX", "--modify-window=-1", source.string() + "/",
	     before.string() + "/"});

	mirrord daemon(source, {replica});
	daemon.await_caught_up();
	a.happen(source);
	daemon.await_word("STATUS=halted: " + a.reason);
	tap::ok(daemon.wait() == halted, a.name + ": halts and says why");
	const std::string diff = differences(before, replica);
	tap::ok(diff.empty(), a.name + ": the replica is untouched", diff);
	while (umount(source.c_str()) == 0)
		;
}

const std::vector<accident> accidents = {
	{"unmounted", "source unmounted",
	 [](const fs::path &source) {
		 if (umount(source.c_str()) < 0)
			 throw std::system_error(errno, std::generic_category(),
						 "umount");
	 }},
	{"covered", "source unmounted",
	 [](const fs::path &source) {
		 // No event says so; the next change makes the daemon look.
		 const fs::path inside = fs::canonical(source) / "some";
		 fs::current_path(inside);
		 mount("none", source.c_str(), "tmpfs", 0, nullptr);
		 write_file("late", "not to be seen");
		 fs::current_path("/");
	 }},
};

/// As deploy scripts do it. In one step: if the path were missing for a moment,
/// that could be what the daemon meets, and it would say so instead.
void replace(const stage &s)
{
	const fs::path source = s.directory("replaced");
	const fs::path next = s.directory("replaced.old");
	const fs::path replica = s.directory("replaced.replica");
	write_file(source / "file", "precious");
	mirrord daemon(source, {replica});
	daemon.await_caught_up();
	if (renameat2(AT_FDCWD, source.c_str(), AT_FDCWD, next.c_str(),
		      RENAME_EXCHANGE) < 0)
		throw std::system_error(errno, std::generic_category(),
					"renameat2");
	daemon.await_word("STATUS=halted: source replaced");
	tap::ok(daemon.wait() == halted, "replaced: halts and says why");
	const std::string diff = differences(next, replica);
	tap::ok(diff.empty(), "replaced: the replica is untouched", diff);
}

/// The service manager starts the daemon again, and the source is an empty
/// mount point now.
void restart_on_empty(const stage &s)
{
	const fs::path source = s.directory("empty");
	const fs::path replica = s.directory("empty.replica");
	write_file(replica / "file", "precious");
	mirrord daemon(source, {replica});
	daemon.await_word("STATUS=halted: source is empty");
	tap::ok(daemon.wait() == halted, "empty: halts and says why");
	tap::ok(fs::exists(replica / "file"),
		"empty: the replica is untouched");
}

} // namespace

int main()
{
	return tap::run(8, [] {
		const stage s("mirror_halts");
		for (const accident &a : accidents)
			check(s, a);
		replace(s);
		restart_on_empty(s);
	});
}
