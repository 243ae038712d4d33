// SPDX-License-Identifier: LGPL-2.1-or-later
#include "message.hpp"

#include <algorithm>
#include <cstring>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <linux/imon.h>

namespace imon {

namespace {

constexpr std::size_t align(std::size_t length)
{
	return (length + NLMSG_ALIGNTO - 1) & ~std::size_t{NLMSG_ALIGNTO - 1};
}

template <typename T>
bool peek(byte_view data, T &value)
{
	if (data.size() < sizeof value)
		return false;
	std::memcpy(&value, data.data(), sizeof value);
	return true;
}

/// What follows the error number of a verdict: in an NLMSG_ERROR the head of
/// the request (and, unless NLM_F_CAPPED, its body), then the extended
/// acknowledgement. A broken one costs the sentence, not the verdict.
std::string extended_ack(const message &m, byte_view rest)
{
	if (!(m.flags & NLM_F_ACK_TLVS))
		return {};
	if (m.type == NLMSG_ERROR) {
		nlmsghdr inner{};
		if (!peek(rest, inner))
			return {};
		const std::size_t skip =
			m.flags & NLM_F_CAPPED ? sizeof inner : inner.nlmsg_len;
		rest = rest.subspan(std::min(align(skip), rest.size()));
	}
	std::string sentence;
	attribute_reader in(rest);
	in.optional(NLMSGERR_ATTR_MSG, sentence);
	return in.ok() ? sentence : std::string();
}

bool read_verdict(message &m, byte_view body)
{
	std::int32_t value = 0;
	if (!peek(body, value))
		return false;
	m.verdict = true;
	// A dump's last message carries a length in bytes where it is not negative.
	m.error = value < 0 && value >= -4095 ? -value : 0;
	m.sentence = extended_ack(m, body.subspan(sizeof value));
	return true;
}

bool read_command(message &m, byte_view body)
{
	genlmsghdr header{};
	if (!peek(body, header))
		return false;
	m.command = header.cmd;
	m.attributes = body.subspan(GENL_HDRLEN);
	return true;
}

} // namespace

std::optional<message> take_message(byte_view &datagram)
{
	std::optional<message> taken;
	nlmsghdr header{};
	if (!peek(datagram, header) || header.nlmsg_len < sizeof header ||
	    header.nlmsg_len > datagram.size())
		return taken;

	message &m = taken.emplace();
	m.type = header.nlmsg_type;
	m.flags = header.nlmsg_flags;
	m.seq = header.nlmsg_seq;
	const auto body = datagram.subspan(sizeof header,
					   header.nlmsg_len - sizeof header);
	bool good = true;
	if (m.type == NLMSG_ERROR || m.type == NLMSG_DONE)
		good = read_verdict(m, body);
	else if (m.type >= NLMSG_MIN_TYPE)
		good = read_command(m, body);
	if (good)
		datagram = datagram.subspan(
			std::min(align(header.nlmsg_len), datagram.size()));
	else
		taken.reset();
	return taken;
}

request::request(std::uint8_t command, std::uint16_t flags)
	: data_(NLMSG_HDRLEN + GENL_HDRLEN)
	, flags_(static_cast<std::uint16_t>(flags | NLM_F_REQUEST))
{
	genlmsghdr header{};
	header.cmd = command;
	header.version = IMON_GENL_VERSION;
	std::memcpy(&data_[NLMSG_HDRLEN], &header, sizeof header);
}

request &request::put(unsigned type, std::uint32_t value)
{
	put_attribute(data_, type, std::as_bytes(std::span(&value, 1)));
	return *this;
}

request &request::put(unsigned type, std::uint64_t value)
{
	put_attribute(data_, type, std::as_bytes(std::span(&value, 1)));
	return *this;
}

request &request::put(unsigned type, std::span<const int> values)
{
	put_attribute(data_, type, std::as_bytes(values));
	return *this;
}

request &request::put(unsigned type, std::string_view value)
{
	const std::string text(value);
	put_attribute(data_, type,
		      std::as_bytes(std::span(text.c_str(), text.size() + 1)));
	return *this;
}

byte_view request::finish(std::uint16_t family, std::uint32_t seq)
{
	nlmsghdr header{};
	header.nlmsg_len = static_cast<std::uint32_t>(data_.size());
	header.nlmsg_type = family;
	header.nlmsg_flags = flags_;
	header.nlmsg_seq = seq;
	std::memcpy(data_.data(), &header, sizeof header);
	return data_;
}

} // namespace imon
