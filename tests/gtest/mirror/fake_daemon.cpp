// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_daemon.hpp"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

fake_daemon::fake_daemon(answers answer)
	: answer_(std::move(answer))
	, listening_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
	folder_ = std::filesystem::temp_directory_path() / "mirror-XXXXXX";
	folder_ = mkdtemp(folder_.data());
	socket_ = folder_ + "/sock";
	sockaddr_un name{};
	name.sun_family = AF_UNIX;
	std::strncpy(name.sun_path, socket_.c_str(), sizeof name.sun_path - 1);
	if (bind(listening_.get(), reinterpret_cast<const sockaddr *>(&name),
		 sizeof name) < 0 ||
	    listen(listening_.get(), 5) < 0)
		throw std::runtime_error("no socket: " + socket_);
	serving_ = std::jthread(
		[this](const std::stop_token &enough) { serve(enough); });
}

fake_daemon::~fake_daemon()
{
	serving_ = {};
	for (const auto &[client, text] : heard_)
		close(client);
	std::filesystem::remove_all(folder_);
}

void fake_daemon::serve(const std::stop_token &enough)
{
	constexpr int a_moment = 20;
	while (!enough.stop_requested()) {
		std::vector<pollfd> all = {{listening_.get(), POLLIN, 0}};
		for (const auto &[client, text] : heard_)
			all.push_back({client, POLLIN, 0});
		poll(all.data(), all.size(), a_moment);
		for (const pollfd &p : all) {
			if (!p.revents)
				continue;
			if (p.fd == listening_.get())
				heard_[accept4(p.fd, nullptr, nullptr,
					       SOCK_CLOEXEC)];
			else if (!hear(p.fd) && heard_.erase(p.fd))
				close(p.fd);
		}
	}
}

/// @return whether the client is to stay
bool fake_daemon::hear(int client)
{
	char some[4096];
	const ssize_t n = recv(client, some, sizeof some, 0);
	if (n <= 0)
		return false;
	std::string &text = heard_[client];
	text.append(some, static_cast<std::size_t>(n));
	const std::size_t end = text.find('\n');
	if (end == text.npos)
		return true;
	const std::string answer = answer_(text.substr(0, end));
	text.erase(0, end + 1);
	send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
	return !answer.empty();
}
