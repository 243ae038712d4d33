// SPDX-License-Identifier: GPL-2.0-or-later
#include "daemon_link.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <imon/error.hpp>
#include <nlohmann/json.hpp>

#include "file_name.hpp"

namespace imon::mirror {

static constexpr std::size_t answer_max = 64 << 20;

[[noreturn]] static void fail(const std::string &socket)
{
	const int why = errno;
	std::string sentence = "cannot ask imon-mirrord at " +
			       tools::quoted_name(socket) + ": " +
			       std::strerror(why);
	if (why == EACCES)
		sentence += "; try with sudo, or as a member of its group";
	if (why == ECONNREFUSED || why == ENOENT)
		sentence +=
			"; it does not run, see: systemctl status imon-mirrord";
	throw error(why, sentence);
}

daemon_link::daemon_link(const std::string &socket)
	: socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
	sockaddr_un address{};
	address.sun_family = AF_UNIX;
	if (socket.size() >= sizeof address.sun_path) {
		errno = ENAMETOOLONG;
		fail(socket);
	}
	std::memcpy(address.sun_path, socket.c_str(), socket.size());
	if (!socket_ ||
	    connect(socket_.get(), reinterpret_cast<const sockaddr *>(&address),
		    sizeof address) < 0)
		fail(socket);
}

nlohmann::ordered_json daemon_link::ask(const mirrord::control_request &request)
{
	const std::string line = line_of(request) + '\n';
	std::string_view rest = line;
	while (!rest.empty()) {
		const ssize_t n = send(socket_.get(), rest.data(), rest.size(),
				       MSG_NOSIGNAL);
		if (n <= 0)
			break; // it may have said why
		rest.remove_prefix(static_cast<std::size_t>(n));
	}
	return *next();
}

std::optional<nlohmann::ordered_json> daemon_link::next(
	std::optional<clock::time_point> deadline)
{
	std::size_t searched = 0;
	for (;;) {
		const auto end = received_.find('\n', searched);
		if (end != received_.npos) {
			const auto answer = nlohmann::ordered_json::parse(
				received_.substr(0, end));
			received_.erase(0, end + 1);
			if (answer.contains("error"))
				throw error(ECANCELED,
					    answer["error"].get<std::string>());
			return answer;
		}
		if (!readable(deadline))
			return {};
		searched = received_.size();
		char some[16384];
		const ssize_t n = recv(socket_.get(), some, sizeof some, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			throw error(EPIPE, "imon-mirrord has ended; see: "
					   "systemctl status imon-mirrord");
		received_.append(some, static_cast<std::size_t>(n));
		if (received_.size() > answer_max)
			throw error(EPROTO,
				    "the answer makes no sense, it has no end; "
				    "see: systemctl status imon-mirrord");
	}
}

bool daemon_link::readable(std::optional<clock::time_point> deadline) const
{
	pollfd ready = {socket_.get(), POLLIN, 0};
	if (!deadline)
		return true; // recv waits
	const auto left = std::chrono::ceil<std::chrono::milliseconds>(
		*deadline - clock::now());
	const auto limit = std::clamp<std::int64_t>(left.count(), 0, INT32_MAX);
	return poll(&ready, 1, static_cast<int>(limit)) != 0;
}

} // namespace imon::mirror
