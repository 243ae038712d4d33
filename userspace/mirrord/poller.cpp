// SPDX-License-Identifier: GPL-2.0-or-later
#include "poller.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

namespace imon::mirrord {

poller::subscription::subscription(subscription &&other) noexcept
	: owner_(std::exchange(other.owner_, nullptr))
	, id_(other.id_)
{
}

poller::subscription &poller::subscription::operator=(
	subscription &&other) noexcept
{
	std::swap(owner_, other.owner_);
	std::swap(id_, other.id_);
	return *this;
}

void poller::subscription::cancel() noexcept
{
	if (owner_)
		std::exchange(owner_, nullptr)->entries_.erase(id_);
}

poller::subscription poller::add(int fd, short events, callback call)
{
	const std::uint64_t id = next_id_++;
	entries_.emplace(id, entry{fd, events, std::move(call)});
	return subscription(*this, id);
}

static int milliseconds_until(std::optional<clock::time_point> deadline)
{
	if (!deadline)
		return -1;
	// Rounded up: waking early would only turn the wheel once more.
	const auto left = std::chrono::ceil<std::chrono::milliseconds>(
		*deadline - clock::now());
	return static_cast<int>(
		std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

void poller::wait(std::optional<clock::time_point> deadline)
{
	std::vector<pollfd> fds;
	std::vector<std::uint64_t> ids;
	for (const auto &[id, e] : entries_) {
		fds.push_back({e.fd, e.events, 0});
		ids.push_back(id);
	}
	if (poll(fds.data(), fds.size(), milliseconds_until(deadline)) < 0) {
		if (errno == EINTR)
			return;
		throw std::system_error(errno, std::generic_category(), "poll");
	}
	for (std::size_t i = 0; i < fds.size(); i++) {
		const auto found = entries_.find(ids[i]);
		if (!fds[i].revents || found == entries_.end())
			continue;
		// A copy, as the call may drop its own subscription.
		const callback call = found->second.call;
		call();
	}
}

} // namespace imon::mirrord
