// SPDX-License-Identifier: GPL-2.0-or-later
//
// File names are bytes. All of these arrive, are changed, renamed and deleted
// on the replicas as well.
#include "mirrord.hpp"
#include "tap.hpp"

static const std::vector<std::string> names = {
	"-rf",
	"--delete",
	"new\nline",
	"# hash",
	"; semicolon",
	"trailing  ",
	" leading",
	"*",
	"[a-z]?",
	"\\",
	"a\\#012b",
	"\xff\xfe",
	"\r\t",
	"'quote'",
	"\"double\"",
	"$(reboot)",
	"`id`",
	"host:path",
	"rsync:\\\\",
	"~",
	"...",
	"- excluded",
	std::string(255, 'x'),
	"\xc3\xa4\xcc\x88",
};

int main()
{
	return tap::run(6, [] {
		const stage s("mirror_names");
		const fs::path source = s.directory("source");
		const fs::path over_ssh = s.directory("over_ssh");
		const fs::path by_rsyncd = s.directory("by_rsyncd");
		const ssh_server ssh;
		const rsync_server rsyncd(s, by_rsyncd);
		mirrord daemon(
			source,
			{"127.0.0.1:" + over_ssh.string(), rsync_server::url()},
			mirrord::unguarded);
		const auto check = [&](const std::string &what) {
			daemon.await_caught_up();
			for (const fs::path &replica : {over_ssh, by_rsyncd}) {
				const std::string diff =
					differences(source, replica);
				tap::ok(diff.empty(),
					what + " in " +
						replica.filename().string(),
					diff);
			}
		};

		daemon.await_word("STATUS=in sync");
		for (const std::string &name : names) {
			fs::create_directory(source / name);
			for (const std::string &inner : names)
				write_file(source / name / inner, inner);
		}
		check("every name arrives");
		fs::rename(source / names.front(), source / "moved");
		for (const std::string &name : names)
			fs::rename(source / "moved" / name,
				   source / "moved" /
					   (name.substr(0, 200) + ".new"));
		check("every name is renamed");
		for (const std::string &name : names)
			fs::remove_all(source / name);
		fs::remove_all(source / "moved");
		check("every name is deleted");
	});
}
