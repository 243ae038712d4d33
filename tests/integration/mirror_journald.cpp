// SPDX-License-Identifier: GPL-2.0-or-later
//
// What journald is told: messages with the mirror and the replica that they are
// about, and an id for those that somebody may wait for. Who listens here is in
// journald's place.
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <system_error>

#include "mirrord.hpp"
#include "tap.hpp"

namespace {

constexpr std::chrono::seconds patience(200);
constexpr const char *address = "/run/systemd/journal/socket";

/// In journald's place.
class listener {
public:
	listener()
		: socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0))
	{
		fs::create_directories(fs::path(address).parent_path());
		sockaddr_un name{AF_UNIX, {}};
		std::string(address).copy(name.sun_path, sizeof name.sun_path);
		unlink(address);
		if (bind(socket_, reinterpret_cast<sockaddr *>(&name),
			 sizeof name) < 0)
			throw std::system_error(errno, std::generic_category(),
						"bind");
	}
	~listener()
	{
		close(socket_);
		unlink(address);
	}

	/// Waits for a message with all of these fields, each a line of it.
	bool hears(const std::vector<std::string> &fields)
	{
		const auto enough = std::chrono::steady_clock::now() + patience;
		pollfd ready = {socket_, POLLIN, 0};
		while (std::chrono::steady_clock::now() < enough) {
			if (poll(&ready, 1, 1000) <= 0)
				continue;
			std::array<char, 8192> buffer;
			const auto n =
				recv(socket_, buffer.data(), buffer.size(), 0);
			const std::string entry =
				'\n' + std::string(buffer.data(),
						   static_cast<std::size_t>(n));
			if (std::all_of(fields.begin(), fields.end(),
					[&](const std::string &field) {
						return entry.find('\n' + field +
								  '\n') !=
						       entry.npos;
					}))
				return true;
			tap::note("entry:" + quoted(entry));
		}
		return false;
	}

private:
	static std::string quoted(std::string entry)
	{
		std::replace(entry.begin(), entry.end(), '\n', ' ');
		return entry;
	}

	int socket_;
};

/// What goes to our standard error is said to go there.
void pretend_to_be_a_service()
{
	struct stat st {};
	fstat(STDERR_FILENO, &st);
	setenv("JOURNAL_STREAM",
	       (std::to_string(st.st_dev) + ':' + std::to_string(st.st_ino))
		       .c_str(),
	       1);
}

void test()
{
	const stage s("mirror_journald");
	const fs::path source = s.directory("source");
	const fs::path replica = s.directory("replica");
	for (int i = 0; i < 20; i++)
		write_file(source / std::to_string(i), "x");
	rsync_server rsyncd(s, replica);
	listener journal;
	pretend_to_be_a_service();
	mirrord daemon(source, {rsyncd.url()}, {"--max-delete=10"});

	const std::string root = "ROOT=" + source.string();
	const std::string where = "REPLICA=" + rsyncd.url();
	tap::ok(journal.hears({"MESSAGE_ID=f30ccf520a5c43b5a5cfa6fa20d0881a",
			       root, "PRIORITY=6",
			       "SYSLOG_IDENTIFIER=imon-mirrord"}),
		"it was started");
	daemon.await_caught_up();

	rsyncd.stop();
	write_file(source / "late", "x");
	tap::ok(journal.hears({"MESSAGE_ID=ce7c20e9558049c49640176faf7128e2",
			       root, where, "PRIORITY=4"}),
		"a replica cannot be reached");
	rsyncd.start();
	daemon.ask({"flush"});
	tap::ok(journal.hears({"MESSAGE_ID=a6bb9855018e43bd9acdec5d1bc20bfa",
			       root, where, "PRIORITY=6"}),
		"it can again");
	daemon.await_caught_up();

	write_file(replica / "late", "drifted");
	daemon.ask({"verify"});
	tap::ok(journal.hears({"MESSAGE_ID=9248c12f05134ea68f41f2a0b4a843ae",
			       root, where, "PRIORITY=4"}),
		"it had drifted");

	for (int i = 0; i < 20; i++)
		fs::remove(source / std::to_string(i));
	tap::ok(journal.hears({"MESSAGE_ID=629114e97fd0439bb0a773c7a67a58d2",
			       root, where, "PRIORITY=3"}),
		"deletions are held");

	fs::rename(source, s.directory("elsewhere") / "source");
	tap::ok(journal.hears({"MESSAGE_ID=65e8d22533394edf8debf46f273e3035",
			       root, "PRIORITY=3"}),
		"it has halted");
	daemon.wait();
}

} // namespace

int main()
{
	return tap::run(6, test);
}
