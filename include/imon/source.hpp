// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_SOURCE_HPP
#define IMON_SOURCE_HPP

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <imon/event.hpp>

namespace imon {

/// What dispatch() found.
struct dispatch_result {
	/// Records handed to the handler.
	std::size_t records = 0;
	/// 0, or the errno that ended the source for good: ENODEV when the
	/// module was unloaded or the monitor deleted. Whatever was not
	/// acknowledged until then must be found by a scan.
	int gone = 0;
	/// Why everything in a tree had to be declared dirty, if the source
	/// knows it: for messages.
	std::string lost{};
};

/// Where events come from: one interface, whatever the back end.
///
/// Owns no thread and no loop: poll fd() for reading, then call dispatch().
/// One thread at a time.
class source {
public:
	using handler = std::function<void(const event &)>;

	virtual ~source() = default;

	/// Name of the back end, for messages.
	virtual std::string name() const = 0;

	/// What the module can do and this back end cannot, one sentence each.
	virtual std::vector<std::string> limits() const { return {}; }

	/// Watches everything below an open directory (O_PATH will do). On
	/// return every later change is reported. Costs the same for any size.
	/// @param dirfd  stays the caller's; may be closed afterwards
	/// @param label  shown in listings, usually the path
	/// @param mask   IMON_EVENT_* wanted; 0 for the default
	/// @return the watch's id
	/// @throws error
	virtual std::uint32_t add_tree(int dirfd, const std::string &label,
				       std::uint32_t mask = 0) = 0;

	/// Ends a watch of add_tree(), where they can be ended one by one.
	/// @throws error  also when it has ended by itself
	virtual void remove(std::uint32_t /*watch*/) {}

	/// Becomes readable when dispatch() has something to do.
	virtual int fd() const noexcept = 0;

	/// Hands every waiting record to @p each, in order. Never blocks
	/// waiting for an event. May be called at any time, also when fd() was
	/// not readable: afterwards all that happened before the call has been
	/// handed out. What comes meanwhile may be left for the next call;
	/// fd() is readable then.
	/// The handler may throw; the record it got counts as handed out.
	virtual dispatch_result dispatch(const handler &each) = 0;

	/// Everything up to and including @p seq is dealt with; it will not be
	/// sent again. Until then the source keeps it.
	/// @throws error
	virtual void ack(std::uint64_t seq) = 0;
};

} // namespace imon

#endif
