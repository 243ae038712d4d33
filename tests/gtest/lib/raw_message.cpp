// SPDX-License-Identifier: GPL-2.0-or-later
#include "raw_message.hpp"

#include <linux/genetlink.h>
#include <linux/netlink.h>

namespace imon::test {

namespace {

template <typename T>
std::string as_bytes(T value)
{
	return {reinterpret_cast<const char *>(&value), sizeof value};
}

bytes to_bytes(std::string_view s)
{
	const auto *const p = reinterpret_cast<const std::byte *>(s.data());
	return {p, p + s.size()};
}

} // namespace

bytes raw(std::initializer_list<unsigned> values)
{
	bytes out;
	for (const auto v : values)
		out.push_back(static_cast<std::byte>(v));
	return out;
}

bytes attribute(unsigned type, std::string_view payload)
{
	std::string out =
		as_bytes(static_cast<std::uint16_t>(payload.size() + 4)) +
		as_bytes(static_cast<std::uint16_t>(type)) +
		std::string(payload);
	out.resize((out.size() + 3) / 4 * 4);
	return to_bytes(out);
}

bytes u32(unsigned type, std::uint32_t value)
{
	return attribute(type, as_bytes(value));
}

bytes u64(unsigned type, std::uint64_t value)
{
	return attribute(type, as_bytes(value));
}

bytes text(unsigned type, std::string_view value)
{
	return attribute(type, std::string(value) + '\0');
}

bytes operator+(bytes left, const bytes &right)
{
	left.insert(left.end(), right.begin(), right.end());
	return left;
}

bytes netlink(std::uint16_t type, std::uint16_t flags, std::uint32_t seq,
	      const bytes &body)
{
	const auto length = static_cast<std::uint32_t>(16 + body.size());
	auto out =
		to_bytes(as_bytes(length) + as_bytes(type) + as_bytes(flags) +
			 as_bytes(seq) + as_bytes(std::uint32_t{0})) +
		body;
	out.resize((out.size() + 3) / 4 * 4);
	return out;
}

bytes reply(std::uint32_t seq, std::uint8_t command, const bytes &attributes,
	    std::uint16_t flags)
{
	return netlink(family, flags, seq,
		       raw({command, 1, 0, 0}) + attributes);
}

bytes answer(std::uint32_t seq, int error, std::string_view sentence)
{
	auto body = to_bytes(as_bytes(-error)) +
		    netlink(family, NLM_F_REQUEST, seq, {});
	std::uint16_t flags = NLM_F_CAPPED;
	if (!sentence.empty()) {
		flags |= NLM_F_ACK_TLVS;
		body = body + text(NLMSGERR_ATTR_MSG, sentence);
	}
	return netlink(NLMSG_ERROR, flags, seq, body);
}

bytes done(std::uint32_t seq, int error, std::uint16_t flags)
{
	return netlink(NLMSG_DONE,
		       static_cast<std::uint16_t>(flags | NLM_F_MULTI), seq,
		       to_bytes(as_bytes(-error)));
}

bytes wake()
{
	return reply(0, IMON_CMD_WAKE,
		     u32(IMON_A_EVENT_MONITOR, 1) + u64(IMON_A_EVENT_SEQ, 1));
}

bytes unloaded(std::string_view family_name)
{
	return netlink(GENL_ID_CTRL, 0, 0,
		       raw({CTRL_CMD_DELFAMILY, 2, 0, 0}) +
			       text(CTRL_ATTR_FAMILY_NAME, family_name));
}

bytes attributes_of(const event &e)
{
	auto out =
		u32(IMON_A_EVENT_MONITOR, 1) + u32(IMON_A_EVENT_INSTANCE, 9) +
		u64(IMON_A_EVENT_SEQ, e.seq) +
		u32(IMON_A_EVENT_WATCH, e.watch) +
		u32(IMON_A_EVENT_MASK, e.mask) +
		u32(IMON_A_EVENT_TYPE, e.type) + u64(IMON_A_EVENT_INO, e.ino);
	if (e.path)
		out = out + attribute(IMON_A_EVENT_PATH, *e.path);
	if (e.new_path)
		out = out + attribute(IMON_A_EVENT_NEW_PATH, *e.new_path);
	if (e.who)
		out = out + u32(IMON_A_EVENT_PID, e.who->pid) +
		      u32(IMON_A_EVENT_UID, e.who->uid) +
		      text(IMON_A_EVENT_COMM, e.who->comm);
	return out;
}

} // namespace imon::test
