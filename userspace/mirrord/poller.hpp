// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_POLLER_HPP
#define IMON_MIRRORD_POLLER_HPP

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>

namespace imon::mirrord {

using clock = std::chrono::steady_clock;

/// Waits for descriptors. Whoever adds one keeps the subscription; dropping
/// it ends the calls, also from within one.
class poller {
public:
	using callback = std::function<void()>;

	class subscription {
	public:
		subscription() = default;
		subscription(poller &owner, std::uint64_t id)
			: owner_(&owner)
			, id_(id)
		{
		}
		subscription(subscription &&other) noexcept;
		subscription &operator=(subscription &&other) noexcept;
		~subscription() { cancel(); }
		void cancel() noexcept;

	private:
		poller *owner_ = nullptr;
		std::uint64_t id_ = 0;
	};

	poller() = default;
	poller(const poller &) = delete;
	poller &operator=(const poller &) = delete;

	/// @param events  as for poll(2); errors and hang-ups call as well
	[[nodiscard]] subscription add(int fd, short events, callback call);

	/// Waits until something is ready or the deadline has come, and calls.
	void wait(std::optional<clock::time_point> deadline);

private:
	struct entry {
		int fd;
		short events;
		callback call;
	};

	std::map<std::uint64_t, entry> entries_;
	std::uint64_t next_id_ = 1;
};

} // namespace imon::mirrord

#endif
