// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_LIB_MESSAGE_HPP
#define IMON_LIB_MESSAGE_HPP

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "attributes.hpp"

namespace imon {

/// One netlink message of a datagram.
struct message {
	std::uint16_t type = 0;
	std::uint16_t flags = 0;
	std::uint32_t seq = 0;

	/// The end of an answer: NLMSG_ERROR (an acknowledgement, too) or
	/// NLMSG_DONE. Then @c error is 0 or an errno, and @c sentence what the
	/// kernel said about it, if it said anything.
	bool verdict = false;
	int error = 0;
	std::string sentence;

	/// Otherwise, a generic netlink message: its command and attributes.
	std::uint8_t command = 0;
	byte_view attributes;
};

/// Takes the first message off @p datagram. Nothing: the datagram is at its
/// end or, when bytes are left in it, malformed from there on.
std::optional<message> take_message(byte_view &datagram);

/// A request to be sent to the family.
class request {
public:
	/// @p flags  of the netlink header; NLM_F_REQUEST is added
	request(std::uint8_t command, std::uint16_t flags);

	request &put(unsigned type, std::uint32_t value);
	request &put(unsigned type, std::uint64_t value);
	/// With the final NUL that the kernel expects of a string.
	request &put(unsigned type, std::string_view value);
	request &put(unsigned type, std::span<const int> values);

	/// The datagram, addressed and numbered.
	byte_view finish(std::uint16_t family, std::uint32_t seq);

private:
	bytes data_;
	std::uint16_t flags_;
};

} // namespace imon

#endif
