// SPDX-License-Identifier: LGPL-2.1-or-later
#include "conversation.hpp"

#include <cerrno>
#include <cstring>

#include <linux/netlink.h>

namespace imon {

error malformed_reply()
{
	return {EBADMSG, "the imon module sent what this libimon cannot read; "
			 "install the two in versions that belong together"};
}

error refusal(const message &verdict)
{
	if (!verdict.sentence.empty())
		return {verdict.error, verdict.sentence};
	switch (verdict.error) {
	case EPERM:
	case EACCES:
		return {verdict.error, "the imon module refuses: this takes "
				       "CAP_SYS_ADMIN; run it as root"};
	case ENOENT: // from generic netlink itself: no such family
		return {ENODEV, "the imon module was unloaded; load it with: "
				"modprobe imon (or insmod kmod/imon.ko)"};
	default:
		return {verdict.error,
			std::string("the imon module refuses: ") +
				std::strerror(verdict.error)};
	}
}

conversation::conversation(std::unique_ptr<transport> link, sink stray)
	: link_(std::move(link))
	, stray_(stray ? std::move(stray) : [](const message &) {})
{
}

std::uint32_t conversation::post(request r)
{
	if (++last_seq_ == 0) // what the kernel sends unasked has number 0
		++last_seq_;
	link_->send(r.finish(link_->family(), last_seq_));
	return last_seq_;
}

int conversation::receive(const sink &all)
{
	const auto got = link_->receive();
	if (got.error)
		return got.error;
	auto rest = got.datagram;
	while (const auto m = take_message(rest))
		all(*m);
	return rest.empty() ? 0 : EBADMSG;
}

bool conversation::ask(request r, const sink &reply)
{
	const auto seq = post(std::move(r));
	std::optional<message> verdict;
	bool consistent = true;
	const auto sort = [&](const message &m) {
		if (m.seq != seq) {
			stray_(m);
			return;
		}
		if (m.flags & NLM_F_DUMP_INTR)
			consistent = false;
		if (m.verdict)
			verdict = m;
		else if (reply)
			reply(m);
	};
	while (!verdict) {
		switch (receive(sort)) {
		case EAGAIN:
			// The answer was there when post() returned, or it was
			// dropped. Waiting would be for ever.
			throw error(ENOBUFS,
				    "the imon module's answer was lost "
				    "for want of memory; try again");
		case EBADMSG:
			throw malformed_reply();
		}
	}
	if (verdict->error)
		throw refusal(*verdict);
	return consistent;
}

} // namespace imon
