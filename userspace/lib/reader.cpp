// SPDX-License-Identifier: LGPL-2.1-or-later
#include "reader.hpp"

#include <cerrno>

#include "codec.hpp"

namespace imon {

reader::reader(std::unique_ptr<transport> link)
	: link_(std::move(link), [this](const message &m) { take_in(m); })
{
}

void reader::become(request r)
{
	std::optional<monitor_info> info;
	link_.ask(std::move(r), [&](const message &m) {
		info = codec::parse_monitor(m.attributes);
	});
	if (!info)
		throw malformed_reply();
	id_ = info->id;
	instance_ = info->instance;
}

void reader::start()
{
	woken_ = true; // what waits already need not wait for a wake
	stay_readable();
}

template <typename work>
void reader::staying_readable(const work &do_it)
{
	try {
		do_it();
	} catch (...) {
		stay_readable();
		throw;
	}
	stay_readable();
}

void reader::ask(request r, const conversation::sink &reply)
{
	if (gone_)
		throw error(gone_, "the monitor is gone; make it anew");
	staying_readable([&] { link_.ask(std::move(r), reply); });
}

dispatch_result reader::dispatch(const source::handler &handler)
{
	dispatch_result result;
	staying_readable([&] {
		// A pull that began before this call says nothing about what
		// happened since; one that begins now brings all of it. What
		// comes later has a wake of its own, and those come no more
		// often than the window, so that a writer without a pause
		// keeps nobody in here.
		for (bool pulled = false; !gone_;) {
			result.records += hand_out(handler);
			if (pull_) {
				advance();
			} else if (!pulled || woken_) {
				pull();
				pulled = true;
			} else {
				break;
			}
		}
		result.records += hand_out(handler);
	});
	result.gone = gone_;
	return result;
}

/// The handler may ask something, and so have more taken in: that is left for the
/// next time, a pull is in flight then. It may dispatch, too: then this is done.
std::size_t reader::hand_out(const source::handler &handler)
{
	const auto begin = waiting_.begin();
	waiting_.erase(begin, begin + static_cast<std::ptrdiff_t>(handed_out_));
	handed_out_ = 0;
	const std::size_t most = waiting_.size();
	std::size_t count = 0;
	for (; count < most && handed_out_ < waiting_.size(); count++) {
		const event e = std::move(waiting_[handed_out_++]);
		handler(e);
	}
	return count;
}

void reader::pull()
{
	woken_ = false;
	pull_ = link_.post(codec::event_pull(id_));
}

void reader::advance()
{
	switch (link_.receive()) {
	case EAGAIN:
		// The kernel goes on with a dump when something is received;
		// where it had no memory for the next part, nothing will be.
		// The answer to any request gets it going again.
		link_.post(codec::module_get());
		break;
	case ENOBUFS:
		woken_ = true; // what was dropped may have been a wake
		break;
	case EBADMSG:
		gone_ = EBADMSG;
		break;
	}
}

void reader::take_in(const message &m)
{
	if (pull_ && m.seq == pull_) {
		if (m.verdict) {
			end_pull(m);
		} else if (auto e = codec::parse_event(m.attributes)) {
			waiting_.push_back(std::move(*e));
		} else {
			gone_ = EBADMSG;
		}
	} else if (m.command == IMON_CMD_WAKE || codec::says_unloaded(m)) {
		woken_ = true; // where the module was unloaded, to a refusal
	}
}

void reader::end_pull(const message &verdict)
{
	pull_ = 0;
	switch (verdict.error) {
	case 0:
		break;
	case ENOMEM:
	case ENOBUFS:
	case EINTR:
		woken_ = true;
		break;
	default:
		gone_ = ENODEV; // there is no such monitor, or it is not ours
	}
}

void reader::stay_readable()
{
	const bool left = handed_out_ < waiting_.size();
	if (!pull_ && (gone_ || woken_ || left))
		pull();
}

} // namespace imon
