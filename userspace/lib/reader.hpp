// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_LIB_READER_HPP
#define IMON_LIB_READER_HPP

#include <cstdint>
#include <memory>
#include <vector>

#include <imon/source.hpp>

#include "conversation.hpp"

namespace imon {

/// The reader's side of one monitor: waits, pulls, hands out.
///
/// Wakes, records and answers share one socket, so any of them may turn up
/// while another is awaited; each is taken in where it turns up.
///
/// Invariant: between calls the socket is readable when there is something to
/// do, and for good when the monitor is gone. A wake that was taken in while an
/// answer was awaited would break that. Hence whoever leaves work behind leaves
/// a pull in flight, too: its answer lies in the socket. That needs no second
/// descriptor.
class reader {
public:
	explicit reader(std::unique_ptr<transport> link);
	reader(const reader &) = delete;
	reader &operator=(const reader &) = delete;

	/// Asks for a monitor: the reply to @p r says which one it is.
	void become(request r);
	/// Once this socket is attached to it.
	void start();

	std::uint32_t id() const noexcept { return id_; }
	std::uint32_t instance() const noexcept { return instance_; }
	int fd() const noexcept { return link_.fd(); }

	/// As conversation::ask(), for requests other than a pull.
	void ask(request r, const conversation::sink &reply = {});

	dispatch_result dispatch(const source::handler &handler);

private:
	/// Takes in what came unasked or answers a pull.
	void take_in(const message &m);
	void end_pull(const message &verdict);
	void pull();
	/// One datagram of the pull in flight.
	void advance();
	std::size_t hand_out(const source::handler &handler);
	/// Restores the invariant.
	void stay_readable();
	template <typename work>
	void staying_readable(const work &do_it);

	conversation link_;
	std::uint32_t id_ = 0;
	std::uint32_t instance_ = 0;
	std::vector<event> waiting_; ///< pulled
	std::size_t handed_out_ = 0; ///< so many of these, from the first on
	std::uint32_t pull_ = 0;     ///< number of the pull in flight, or 0
	bool woken_ = false; ///< by the kernel, since the last pull began
	int gone_ = 0;
};

} // namespace imon

#endif
