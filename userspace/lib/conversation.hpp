// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_LIB_CONVERSATION_HPP
#define IMON_LIB_CONVERSATION_HPP

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include <imon/error.hpp>

#include "message.hpp"
#include "transport.hpp"

namespace imon {

/// The error to throw when a reply makes no sense.
error malformed_reply();

/// Numbers the requests on one transport and sorts what comes back.
class conversation {
public:
	using sink = std::function<void(const message &)>;

	/// @param stray  gets what answers no ask(): messages that the kernel
	///               sent of its own accord, and answers to post()
	explicit conversation(std::unique_ptr<transport> link, sink stray = {});

	int fd() const noexcept { return link_->fd(); }

	/// Sends a request, hands every message of the answer to @p reply and
	/// returns when the answer is complete.
	/// @return whether a listing was consistent: false when what it lists
	///         changed meanwhile
	/// @throws error  the module's refusal
	bool ask(request r, const sink &reply = {});

	/// Sends a request whose answer will go to the stray sink.
	/// @return its number
	std::uint32_t post(request r);

	/// Receives one datagram, if there is one, for the stray sink.
	/// @return 0, EAGAIN (nothing there), ENOBUFS (the kernel dropped
	///         something) or EBADMSG (cannot be read)
	int receive() { return receive(stray_); }

private:
	int receive(const sink &all);

	std::unique_ptr<transport> link_;
	sink stray_;
	std::uint32_t last_seq_ = 0;
};

/// What a refusal without a sentence of the kernel's means.
error refusal(const message &verdict);

} // namespace imon

#endif
