// SPDX-License-Identifier: GPL-2.0-or-later
//
// imon-apply as imon-mirrord runs it, here and over ssh, and as the command
// that a key is bound to: it renames what is meant, in the directory that is
// meant, and nothing else.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>

#include "apply_command.hpp"
#include "descriptor.hpp"
#include "op_list.hpp"
#include "stage.hpp"
#include "tap.hpp"

using namespace imon::mirrord;
using ending = apply_result::ending;

namespace {

constexpr const char *hostile = "it's $(reboot) \"`id`\"\n* tree";

struct answer {
	int status;
	std::string out;
};

/// Runs a program with that input; what it complains about is a note.
answer ask(const std::vector<std::string> &argv, const std::string &input)
{
	const descriptor in(memfd_create("input", MFD_CLOEXEC));
	if (write(in.get(), input.data(), input.size()) < 0)
		throw std::system_error(errno, std::generic_category());
	lseek(in.get(), 0, SEEK_SET);
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		throw std::system_error(errno, std::generic_category());
	const pid_t pid = fork();
	if (pid == 0) {
		dup2(in.get(), STDIN_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		std::vector<char *> words;
		for (const std::string &word : argv)
			words.push_back(const_cast<char *>(word.c_str()));
		words.push_back(nullptr);
		execvp(words[0], words.data());
		_exit(127);
	}
	close(ends[1]);
	answer got;
	std::array<char, 4096> buffer;
	for (ssize_t n; (n = read(ends[0], buffer.data(), buffer.size())) > 0;)
		got.out.append(buffer.data(), static_cast<std::size_t>(n));
	close(ends[0]);
	int status = 0;
	waitpid(pid, &status, 0);
	got.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return got;
}

/// A replica at @p path, over ssh with that configuration, or here.
replica_settings replica_at(const fs::path &path, const std::string &host = {})
{
	replica_settings r;
	const std::string where = path.string();
	r.where = parse_destination(host.empty() ? where : host + ":" + where,
				    "/");
	return r;
}

move meant(const fs::path &in, const std::string &from, const std::string &to)
{
	struct stat st {};
	lstat((in / from).c_str(), &st);
	return {from, to, st.st_mode & S_IFMT,
		static_cast<std::uint64_t>(st.st_size),
		std::int64_t{st.st_mtim.tv_sec} * 1'000'000'000 +
			st.st_mtim.tv_nsec};
}

/// Four moves of which the third is not what it was; as seen from @p host.
void stops_where_it_has_to(const fs::path &in, const std::string &host,
			   const std::string &how)
{
	for (const char *name : {"-a\n", "$(b)", "c", "d"})
		write_file(in / name, "x");
	std::vector<move> moves = {meant(in, "-a\n", "`A`"),
				   meant(in, "$(b)", "B\xff"),
				   meant(in, "c", "C"), meant(in, "d", "D")};
	write_file(in / "c", "changed");
	const answer got =
		ask(apply_command(replica_at(in, host)), op_list(moves));
	const apply_result result = parse_apply(got.out, moves.size());
	tap::ok(result.end == ending::failed && result.done == 2 &&
			result.why == "its size differs" && got.status == 1,
		how + ": stops where something else is", got.out);
	tap::ok(fs::exists(in / "`A`") && fs::exists(in / "B\xff") &&
			fs::exists(in / "c") && fs::exists(in / "d"),
		how + ": did what comes before and no more");
}

void stays_on_its_filesystem(const fs::path &in)
{
	fs::create_directories(in / "mount");
	write_file(in / "file", "x");
	if (mount("none", (in / "mount").c_str(), "tmpfs", 0, nullptr) < 0)
		throw std::system_error(errno, std::generic_category());
	write_file(in / "mount/inside", "x");
	std::string said;
	bool good = true;
	for (const auto &[from, to] : {std::pair{"file", "mount/file"},
				       {"mount/inside", "inside"},
				       {"mount", "other"}}) {
		const answer got = ask(apply_command(replica_at(in)),
				       op_list({meant(in, from, to)}));
		good &= got.status == 2;
		said += got.out;
	}
	tap::ok(good && fs::exists(in / "file") &&
			fs::exists(in / "mount/inside"),
		"what is mounted inside is left alone", said);
	umount((in / "mount").c_str());
}

void changes_nothing_for_bad_lists(const fs::path &in)
{
	write_file(in / "e", "x");
	const std::string good =
		op_list({meant(in, "e", "f"), meant(in, "e", "g")});
	const auto status = [&](const std::string &list) {
		return ask(apply_command(replica_at(in)), list).status;
	};
	bool refused = true;
	for (std::size_t cut = 0; cut < good.size(); cut += 7)
		refused &= status(good.substr(0, cut)) == 3;
	tap::ok(refused && fs::exists(in / "e"),
		"a list that broke off changes nothing");
	tap::ok(status("imon-apply 9" + good.substr(12)) == 4 &&
			fs::exists(in / "e"),
		"a list of another version changes nothing");
}

/// An sshd that lets the guest's key in for one command only.
process bound_key(const stage &s, const std::string &command)
{
	std::ifstream file("/root/.ssh/authorized_keys");
	const std::string key{std::istreambuf_iterator<char>(file), {}};
	const fs::path keys = s.directory("keys") / "authorized_keys";
	write_file(keys, "restrict,command=\"" + command + "\" " + key);
	return process({"/usr/sbin/sshd", "-D", "-e", "-p", "2222", "-o",
			"ListenAddress=127.0.0.1", "-o", "StrictModes=no", "-o",
			"AuthorizedKeysFile=" + keys.string()});
}

answer over_bound_key(std::vector<std::string> argv, const std::string &list)
{
	argv.insert(argv.begin() + 1, {"-p", "2222"});
	return ask(argv, list);
}

void obeys_its_key(const stage &s, const fs::path &in)
{
	const process sshd = bound_key(s, "imon-apply --forced " + in.string() +
						  " echo instead");
	const std::vector<std::string> shell = {"ssh", "127.0.0.1"};
	const auto with = [&](const std::string &command) {
		auto argv = shell;
		argv.push_back(command);
		return over_bound_key(argv, "");
	};
	await("the other sshd answers", [&] { return with("").status != 255; });

	write_file(in / "h", "x");
	const answer done =
		over_bound_key(apply_command(replica_at(in, "127.0.0.1")),
			       op_list({meant(in, "h", "i")}));
	tap::ok(done.status == 0 && fs::exists(in / "i"),
		"a bound key: renames in its directory", done.out);
	const fs::path other = s.directory("other");
	write_file(other / "h", "x");
	const answer elsewhere =
		over_bound_key(apply_command(replica_at(other, "127.0.0.1")),
			       op_list({meant(other, "h", "i")}));
	tap::ok(elsewhere.status == 3 && fs::exists(other / "h"),
		"a bound key: not in another one", elsewhere.out);
	const answer instead = with("touch " + (in / "touched").string());
	tap::ok(instead.out == "instead\n" && !fs::exists(in / "touched"),
		"a bound key: other commands are not executed", instead.out);
}

void expires(const fs::path &in)
{
	const auto old =
		std::chrono::system_clock::now() - std::chrono::hours(48);
	fs::create_directories(in / trash_path(old) / "a/b");
	write_file(in / trash_path(old) / "a/b/c", "x");
	const fs::path fresh =
		in / trash_path(std::chrono::system_clock::now());
	fs::create_directories(fresh);
	const answer got = ask(apply_command(replica_at(in, "127.0.0.1")),
			       expire_list(old + std::chrono::hours(24)));
	tap::ok(parse_apply(got.out, 1).end == ending::done &&
			!fs::exists(in / trash_path(old)) && fs::exists(fresh),
		"removes what is old from the trash", got.out);
	const auto probed = parse_probe(
		ask(apply_command(replica_at(in, "127.0.0.1")), probe_list())
			.out);
	tap::ok(probed && probed->rsync && probed->free_bytes > 0,
		"tells what there is");
}

} // namespace

int main()
{
	return tap::run(12, [] {
		const stage s("apply");
		const fs::path in = s.directory("tree");
		stops_where_it_has_to(in, "", "here");
		stays_on_its_filesystem(in);
		changes_nothing_for_bad_lists(in);
		const ssh_server ssh;
		stops_where_it_has_to(s.directory(hostile), "127.0.0.1",
				      "over ssh");
		obeys_its_key(s, in);
		expires(s.directory("expiring"));
	});
}
