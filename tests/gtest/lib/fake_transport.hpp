// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_FAKE_TRANSPORT_HPP
#define IMON_TESTS_FAKE_TRANSPORT_HPP

#include <deque>
#include <functional>
#include <vector>

#include "message.hpp"
#include "raw_message.hpp"
#include "transport.hpp"

namespace imon::test {

/// The kernel's end of a socket, played by a test.
class fake_transport final : public transport {
public:
	std::uint16_t family() const noexcept override { return test::family; }
	int fd() const noexcept override { return -1; }
	void send(byte_view datagram) override;
	received receive() override;

	/// What a request makes the kernel do; mostly push() an answer.
	std::function<void(const message &request)> on_request;
	/// Called when a datagram was received: the kernel then goes on with a
	/// dump, and at no other time.
	std::function<void()> on_receive;

	void push(bytes datagram);
	/// An error instead of a datagram, in its turn.
	void push_error(int error);

	/// Whether poll() would say that the socket is readable.
	bool readable() const { return !inbox_.empty(); }
	/// Commands of the requests so far.
	std::vector<unsigned> sent;

private:
	struct item {
		int error = 0;
		bytes datagram;
	};

	std::deque<item> inbox_;
	bytes current_;
};

} // namespace imon::test

#endif
