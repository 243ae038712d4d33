// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_transport.hpp"

#include <cerrno>
#include <stdexcept>

namespace imon::test {

void fake_transport::send(byte_view datagram)
{
	const auto request = take_message(datagram);
	if (!request || !datagram.empty() || request->type != test::family)
		throw std::logic_error("not a request to the family");
	sent.push_back(request->command);
	if (on_request)
		on_request(*request);
}

transport::received fake_transport::receive()
{
	if (inbox_.empty())
		return {EAGAIN, {}};
	auto next = std::move(inbox_.front());
	inbox_.pop_front();
	current_ = std::move(next.datagram);
	if (!next.error && on_receive)
		on_receive();
	return {next.error, current_};
}

void fake_transport::push(bytes datagram)
{
	inbox_.push_back({0, std::move(datagram)});
}

void fake_transport::push_error(int error)
{
	inbox_.push_back({error, {}});
}

} // namespace imon::test
