// SPDX-License-Identifier: GPL-2.0-or-later
#include "control_server.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <imon/error.hpp>
#include <nlohmann/json.hpp>

#include "control_command.hpp"

namespace imon::mirrord {

using json = nlohmann::ordered_json;

static std::string refusal(const std::string &sentence)
{
	return json{{"error", sentence}}.dump();
}

uid_t control_server::peer(int fd)
{
	ucred who{};
	socklen_t size = sizeof who;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) < 0)
		return static_cast<uid_t>(-1);
	return who.uid;
}

control_server::control_server(poller &loop, steering &daemon,
			       const std::string &path, identity who)
	: loop_(loop)
	, daemon_(daemon)
	, who_(std::move(who))
	, socket_(path)
	, rest_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK))
{
	if (!rest_)
		throw std::system_error(errno, std::generic_category(),
					"timerfd_create");
	admitting_ = loop_.add(socket_.fd(), POLLIN, [this] { admit(); });
	rested_ = loop_.add(rest_.get(), POLLIN, [this] {
		std::uint64_t times;
		resting_ = read(rest_.get(), &times, sizeof times) < 0;
		if (turned_)
			tell_followers();
	});
}

void control_server::admit()
{
	descriptor socket(accept4(socket_.fd(), nullptr, nullptr,
				  SOCK_CLOEXEC | SOCK_NONBLOCK));
	if (!socket)
		return;
	const uid_t who = who_(socket.get());
	line_channel channel(std::move(socket));
	if (clients_.size() >= most_clients && !make_room()) {
		channel.send(refusal("too many ask at once; try again later"));
		return;
	}
	clients_.push_back({.channel = std::move(channel),
			    .may_change = who == 0 || who == geteuid()});
	serve(std::prev(clients_.end()));
}

/// Whoever does not read its answer gives way.
bool control_server::make_room()
{
	const auto stuck = std::find_if(
		clients_.begin(), clients_.end(),
		[](const client &c) { return c.channel.sending(); });
	if (stuck == clients_.end())
		return false;
	clients_.erase(stuck);
	return true;
}

/// Answers what has come, then waits for more, or lets the client go.
void control_server::serve(clients::iterator at)
{
	client &c = *at;
	while (!c.busy() && !c.channel.broken()) {
		const auto line = c.channel.line();
		if (!line)
			break;
		answer(c, *line);
	}
	if (c.channel.overlong())
		c.channel.send(refusal("this line is too long for a request"));
	if (c.channel.broken() || c.channel.overlong() ||
	    (c.channel.ended() && !c.busy())) {
		clients_.erase(at);
		return;
	}
	const short events = c.channel.events();
	if (c.polled == events)
		return;
	c.polled = events;
	c.ready = loop_.add(c.channel.fd(), events, [this, at] {
		at->channel.work();
		tell(*at);
		serve(at);
	});
}

void control_server::answer(client &to, const std::string &line)
{
	try {
		respond(to, parse_control_request(line));
	} catch (const error &e) {
		to.channel.send(refusal(e.sentence()));
	}
}

void control_server::respond(client &to, const control_request &request)
{
	const control_command &command = find_control_command(request.command);
	if (command.changes && !to.may_change)
		throw error(EPERM, "only root and the user that imon-mirrord "
				   "runs as may " +
					   request.command +
					   "; try: sudo imon-mirror " +
					   request.command);
	if (request.command == "wait") {
		to.waits.emplace(daemon_, request.which, request.quorum);
		to.told.reset();
		examine(to);
		return;
	}
	to.last = command.answer(daemon_, request).dump();
	to.channel.send(to.last);
	if (request.follow)
		to.follows = request;
}

void control_server::turned()
{
	for (auto at = clients_.begin(), next = at; at != clients_.end();
	     at = next) {
		next = std::next(at);
		if (!at->waits)
			continue;
		examine(*at);
		serve(at);
	}
	turned_ = true;
	if (!resting_)
		tell_followers();
}

/// Says how many replicas hold it whenever that changes, and last that it is
/// over.
void control_server::examine(client &waiting)
{
	try {
		const auto now = waiting.waits->look(daemon_);
		if (now == waiting.told)
			return;
		if (now.reached)
			waiting.waits.reset();
		else if (waiting.channel.sending())
			return;
		else
			waiting.told = now;
		waiting.channel.send(json{
			{"reached", now.reached},
			{"holding", now.holding},
			{"meant", now.meant}}.dump());
	} catch (const error &e) {
		waiting.waits.reset();
		waiting.channel.send(refusal(e.sentence()));
	}
}

void control_server::tell_followers()
{
	turned_ = false;
	for (auto at = clients_.begin(), next = at; at != clients_.end();
	     at = next) {
		next = std::next(at);
		if (!at->follows)
			continue;
		rest();
		tell(*at);
		serve(at);
	}
}

/// Who has not read the last one is told when it has.
void control_server::tell(client &follower)
{
	if (!follower.follows || follower.channel.sending())
		return;
	try {
		std::string text = find_control_command("status")
					   .answer(daemon_, *follower.follows)
					   .dump();
		if (text == follower.last)
			return;
		follower.channel.send(text);
		follower.last = std::move(text);
	} catch (const error &e) {
		follower.follows.reset();
		follower.channel.send(refusal(e.sentence()));
	}
}

void control_server::rest()
{
	if (resting_)
		return;
	const itimerspec pause = {
		.it_interval = {},
		.it_value = {.tv_sec = 0, .tv_nsec = 250'000'000}};
	resting_ = timerfd_settime(rest_.get(), 0, &pause, nullptr) == 0;
}

} // namespace imon::mirrord
