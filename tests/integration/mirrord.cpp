// SPDX-License-Identifier: GPL-2.0-or-later
#include "mirrord.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <imon/admin.hpp>

#include "tap.hpp"

static constexpr std::chrono::seconds patience(200);

/// As the daemon calls it, for a path of letters, digits and slashes.
static std::string name_of(const fs::path &source)
{
	std::string name = source.string().substr(1);
	std::replace(name.begin(), name.end(), '/', '-');
	return name;
}

static std::string monitor_of(const fs::path &source)
{
	return "mirrord:" + name_of(source);
}

/// With room for all that it may say: what finds no room is said later, and then
/// the last status that was heard is not the one that it has.
static int bind_socket(const std::string &address)
{
	std::ofstream("/proc/sys/net/unix/max_dgram_qlen") << 1'000'000;
	sockaddr_un name{};
	name.sun_family = AF_UNIX;
	std::strncpy(name.sun_path, address.c_str(), sizeof name.sun_path - 1);
	unlink(address.c_str());
	const int fd =
		socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (bind(fd, reinterpret_cast<sockaddr *>(&name), sizeof name) < 0)
		throw std::system_error(errno, std::generic_category(), "bind");
	return fd;
}

mirrord::mirrord(const fs::path &source,
		 const std::vector<std::string> &replicas,
		 const std::vector<std::string> &more)
	: name_(name_of(source))
	, address_("/run/mirrord." + std::to_string(getpid()))
	, socket_(bind_socket(address_))
{
	std::vector<std::string> argv = {"imon-mirrord", "--verbose", source};
	for (const std::string &replica : replicas)
		argv.insert(argv.end(), {"--to", replica});
	if (without_module())
		argv.insert(argv.end(), {"--events", "fanotify"});
	argv.insert(argv.end(), more.begin(), more.end());
	daemon_ = std::make_unique<process>(
		argv, std::vector<std::string>{"NOTIFY_SOCKET=" + address_,
					       "TERM=dumb"});
	listener_ = std::jthread([this](const std::stop_token &enough) {
		while (!enough.stop_requested())
			listen();
	});
}

mirrord::~mirrord()
{
	daemon_.reset();
	listener_ = {};
	close(socket_);
	unlink(address_.c_str());
}

void mirrord::listen()
{
	pollfd ready = {socket_, POLLIN, 0};
	poll(&ready, 1, 50);
	const std::lock_guard lock(mutex_);
	std::array<char, 4096> buffer;
	for (ssize_t n;
	     (n = recv(socket_, buffer.data(), buffer.size(), 0)) > 0;) {
		const std::string word(buffer.data(),
				       static_cast<std::size_t>(n));
		said_ += word + '\n';
		if (word.starts_with("STATUS="))
			status_ = word.substr(7);
	}
}

bool mirrord::says(const std::string &text)
{
	const std::lock_guard lock(mutex_);
	return said_.find(text) != std::string::npos;
}

bool mirrord::is_status(const std::string &text)
{
	const std::lock_guard lock(mutex_);
	return status_ == text;
}

void mirrord::await_word(const std::string &text)
{
	const auto deadline = std::chrono::steady_clock::now() + patience;
	while (!says(text)) {
		if (std::chrono::steady_clock::now() > deadline)
			throw std::runtime_error("the daemon never said '" +
						 text + "', but:\n" + said_);
		listen();
	}
}

/// The monitor of the daemon that runs; others may have been left behind.
static imon::monitor_info attached(imon::admin &module)
{
	for (const imon::monitor_info &m : module.monitors())
		if (m.reader)
			return m;
	throw std::runtime_error("no monitor has a reader");
}

bool mirrord::acknowledged()
{
	imon::admin module;
	const imon::monitor_info m = attached(module);
	return m.acked_seq == m.head_seq;
}

void mirrord::await_caught_up()
{
	await_word("STATUS=in sync");
	if (without_module()) {
		run({"imon-mirror", "wait", "--timeout",
		     std::to_string(patience.count()) + "s"});
		return;
	}
	imon::admin module;
	const auto deadline = std::chrono::steady_clock::now() + patience;
	while (true) {
		const imon::monitor_info m = attached(module);
		listen();
		if (is_status("in sync") && m.acked_seq == m.head_seq)
			return;
		if (std::chrono::steady_clock::now() > deadline)
			throw std::runtime_error(
				"not in sync in time: '" + status_ +
				"', record " + std::to_string(m.acked_seq) +
				" of " + std::to_string(m.head_seq));
	}
}

std::string mirrord::ask(std::vector<std::string> command)
{
	await_word("READY=1");
	command.insert(command.begin(), "imon-mirror");
	command.insert(command.end(), {"--instance", name_});
	return run(command);
}

int mirrord::wait()
{
	const auto status = daemon_->wait_for(patience);
	if (!status)
		throw std::runtime_error("the daemon did not end in time");
	return *status;
}

void make_small_queue(const fs::path &source)
{
	imon::admin module;
	for (const imon::monitor_info &m : module.monitors())
		if (m.name == monitor_of(source))
			module.remove(m.name);
	const std::uint32_t id = module.create({.name = monitor_of(source),
						.mode = IMON_MODE_STATE,
						.queue_bytes = 64 << 10});
	const int fd = open(source.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
	module.add(id, fd, {.label = source});
	close(fd);
}

bool overflowed(const fs::path &source)
{
	imon::admin module;
	for (const imon::monitor_info &m : module.monitors())
		if (m.name == monitor_of(source))
			return m.degraded > 0;
	return false;
}
