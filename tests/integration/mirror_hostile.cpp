// SPDX-License-Identifier: GPL-2.0-or-later
//
// Replicas that mean ill: they answer with garbage, or have a way out of the
// tree where a directory was. What is not the replica's stays as it is, and
// nobody but the replica itself suffers.
#include <sys/stat.h>

#include <algorithm>

#include "mirrord.hpp"
#include "tap.hpp"

namespace {

void same(const fs::path &source, const fs::path &replica,
	  const std::string &what)
{
	const std::string diff = differences(source, replica);
	tap::ok(diff.empty(), what, diff);
}

/// A program for sshd to run. It prints what no terminal and no parser likes.
fs::path garbage(const stage &s, const std::string &name,
		 const std::string &unless = {})
{
	const fs::path script = s.directory("programs") / name;
	write_file(script, "#!/bin/sh\n" + unless +
				   "printf 'rsync: \\033]0;owned\\007\\r"
				   "\\377\\nSTATUS=in sync\\n' >&2\n"
				   "echo 'done 1'\n"
				   "printf '\\033[2Jdeleting ../../etc\\n'\n"
				   "head -c 3000000 /bin/busybox\n"
				   "exit 11\n");
	fs::permissions(script, fs::perms::owner_all);
	return script;
}

bool is_printable(const std::string &text)
{
	return std::all_of(text.begin(), text.end(), [](char c) {
		return c == '\n' || (c >= ' ' && c <= '~');
	});
}

void answers_with_garbage(const stage &s)
{
	const fs::path source = s.directory("garbage");
	const fs::path good = s.directory("garbage.good");
	const ssh_server bad(
		"127.0.0.2", [] {}, garbage(s, "anything"));
	fs::create_directory(source / "dir");
	mirrord daemon(source, {"127.0.0.2:/nowhere", good});
	daemon.await_word("127.0.0.2:/nowhere: ");
	for (int i = 1; i <= 10; i++)
		write_file(source / "dir" / std::to_string(i), "new");
	fs::rename(source / "dir", source / "moved");
	daemon.ask({"wait", "--replica", good});
	same(source, good, "garbage: the other replica gets everything");
	daemon.await_word("owned");
	std::string told;
	try {
		told = daemon.ask({"status"});
	} catch (const std::exception &not_in_sync) {
		told = not_in_sync.what();
	}
	tap::ok(is_printable(told) && told.find("owned") != std::string::npos,
		"garbage: is told in plain characters", told);
}

/// Its rsync is one, and what it calls imon-apply is none.
void answers_renames_with_garbage(const stage &s)
{
	const fs::path source = s.directory("renames");
	const fs::path replica = s.directory("renames.replica");
	// Another address: connections to the last one go on for a while.
	const ssh_server bad(
		"127.0.0.3", [] {},
		garbage(s, "apply",
			"case $SSH_ORIGINAL_COMMAND in *imon-apply*) ;; *) "
			"exec sh -c \"$SSH_ORIGINAL_COMMAND\" ;; esac\n"));
	for (const char *name : {"a", "b"}) {
		fs::create_directories(source / name / "below");
		write_file(source / name / "below/file", name);
	}
	mirrord daemon(source, {"127.0.0.3:" + replica.string()},
		       mirrord::unguarded);
	daemon.await_caught_up();
	fs::rename(source / "a", source / "c");
	fs::rename(source / "b", source / "a");
	daemon.await_caught_up();
	same(source, replica, "garbage for renames: they are sent instead");
}

/// Somebody on the replica puts a link where a directory was.
void has_a_way_out(const stage &s)
{
	const fs::path source = s.directory("link");
	const fs::path replica = s.directory("link.replica");
	const fs::path outside = s.directory("link.outside") / "dir";
	const fs::path before = s.directory("link.before");
	fs::create_directory(source / "dir");
	fs::create_directory(source / "other");
	for (const char *name : {"deleted", "changed", "moved", "gone", "same"})
		write_file(source / "dir" / name, "precious");
	write_file(source / "other/in", "new");
	const ssh_server ssh;
	mirrord daemon(source, {"127.0.0.1:" + replica.string()});
	daemon.await_caught_up();
	run({"rsync", "-aAX", "--modify-window=-1", replica / "dir", before});

	const std::vector<std::function<void()>> changes = {
		[&] { fs::remove(source / "dir/deleted"); },
		[&] { write_file(source / "dir/changed", "changed"); },
		[&] { fs::rename(source / "dir/moved", source / "dir/to"); },
		[&] { fs::rename(source / "dir/gone", source / "out"); },
		[&] { fs::rename(source / "other/in", source / "dir/in"); },
		[&] { chmod((source / "dir").c_str(), 0700); },
		[&] { fs::rename(source / "dir", source / "dir2"); },
	};
	std::string touched;
	for (const auto &change : changes) {
		if (!fs::exists(outside))
			fs::rename(replica / "dir", outside);
		fs::remove_all(replica / "dir");
		fs::create_symlink(outside, replica / "dir");
		change();
		daemon.await_caught_up();
		touched += differences(before / "dir", outside);
	}
	tap::ok(touched.empty(), "a way out: nothing outside is touched",
		touched);
	daemon.ask({"verify"});
	await("a verification mends the replica",
	      [&] { return differences(source, replica).empty(); });
	tap::ok(true, "a way out: a verification mends the replica");
}

} // namespace

int main()
{
	return tap::run(5, [] {
		const stage s("mirror_hostile");
		tap::each({
			[&] { answers_with_garbage(s); },
			[&] { answers_renames_with_garbage(s); },
			[&] { has_a_way_out(s); },
		});
	});
}
