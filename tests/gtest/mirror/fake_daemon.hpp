// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_FAKE_DAEMON_HPP
#define IMON_TESTS_FAKE_DAEMON_HPP

#include <functional>
#include <map>
#include <string>
#include <thread>

#include "descriptor.hpp"

/// Listens where a daemon would and answers what a test says.
class fake_daemon {
public:
	/// What a request's line gets; empty: the connection is closed.
	using answers = std::function<std::string(const std::string &request)>;

	explicit fake_daemon(answers answer);
	~fake_daemon();

	const std::string &socket() const { return socket_; }

private:
	void serve(const std::stop_token &enough);
	bool hear(int client);

	answers answer_;
	std::string folder_, socket_;
	imon::mirrord::descriptor listening_;
	std::map<int, std::string> heard_; ///< by client
	std::jthread serving_;
};

#endif
