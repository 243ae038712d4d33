// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_CONTROL_SERVER_HPP
#define IMON_MIRRORD_CONTROL_SERVER_HPP

#include <sys/types.h>

#include <functional>
#include <list>
#include <optional>
#include <string>

#include "control_request.hpp"
#include "control_socket.hpp"
#include "descriptor.hpp"
#include "line_channel.hpp"
#include "poller.hpp"
#include "replica_wait.hpp"
#include "steering.hpp"

namespace imon::mirrord {

/// Answers imon-mirror; see control_request. Questions are for everybody who
/// may connect, changes for root and the daemon's own user. Never waits for a
/// client, nor keeps more than one answer for it.
class control_server {
public:
	static constexpr std::size_t most_clients = 32;

	/// Who is at the other end of a socket.
	using identity = std::function<uid_t(int fd)>;
	static uid_t peer(int fd);

	/// @throws error as control_socket does
	control_server(poller &loop, steering &daemon, const std::string &path,
		       identity who = peer);

	/// Things may have changed: looks who waits for it. Called after each
	/// turn of the event loop.
	void turned();

private:
	struct client {
		line_channel channel;
		bool may_change;
		std::optional<short> polled{};
		poller::subscription ready{};
		/// A "wait" that is not over, and what was told of it.
		std::optional<replica_wait> waits{};
		std::optional<replica_wait::result> told{};
		/// A "status" to be told again, and what was told last.
		std::optional<control_request> follows{};
		std::string last{};

		bool busy() const
		{
			return channel.sending() || waits || follows;
		}
	};
	using clients = std::list<client>;

	void admit();
	bool make_room();
	void serve(clients::iterator at);
	void answer(client &to, const std::string &line);
	void respond(client &to, const control_request &request);
	void examine(client &waiting);
	void tell_followers();
	void tell(client &follower);
	void rest();

	poller &loop_;
	steering &daemon_;
	identity who_;
	control_socket socket_;
	clients clients_;
	/// Followers are told at most a few times a second: runs until the next.
	descriptor rest_;
	bool resting_ = false, turned_ = false;
	poller::subscription admitting_, rested_;
};

} // namespace imon::mirrord

#endif
