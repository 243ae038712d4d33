// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_LINE_CHANNEL_HPP
#define IMON_MIRRORD_LINE_CHANNEL_HPP

#include <optional>
#include <string>
#include <string_view>

#include "descriptor.hpp"

namespace imon::mirrord {

/// Lines in and lines out over a socket, without ever waiting. It takes in
/// nothing while something is to be sent: who does not read gets one answer
/// stored, and no second one.
class line_channel {
public:
	static constexpr std::size_t longest_line = std::size_t{64} * 1024;

	/// @param socket  a connected one that does not block
	explicit line_channel(descriptor socket)
		: socket_(std::move(socket))
	{
	}

	int fd() const noexcept { return socket_.get(); }
	/// What to poll the socket for. 0: only for the end of the peer, which
	/// poll() always tells.
	short events() const noexcept;
	/// Reads or writes what can be, when the socket is ready.
	void work();

	/// The next line that has come.
	std::optional<std::string> line();
	/// @param text  without a newline
	void send(std::string_view text);

	/// Something is still to be sent.
	bool sending() const noexcept { return !output_.empty(); }
	/// No more lines come after those that are here.
	bool ended() const noexcept { return ended_; }
	/// A line came that has no end.
	bool overlong() const noexcept { return overlong_; }
	/// Nobody is there any more.
	bool broken() const noexcept { return broken_; }

private:
	void receive();
	void transmit();

	descriptor socket_;
	std::string input_, output_;
	bool ended_ = false, overlong_ = false, broken_ = false;
};

} // namespace imon::mirrord

#endif
