// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_MONITOR_HPP
#define IMON_MONITOR_HPP

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <imon/source.hpp>

namespace imon {

class reader;
class transport;

/// How a monitor is made; zero and empty mean the module's default.
struct monitor_options {
	/// A named monitor outlives its reader and collects while it is away.
	std::string name;
	std::uint32_t mode = IMON_MODE_LOG;
	/// Bound of the queue in bytes of kernel memory.
	std::uint64_t queue_bytes = 0;
	/// Shortest time between two wake-ups.
	std::chrono::microseconds window{0};
};

/// A monitor of imon.ko with this object attached as its reader.
/// One thread at a time.
class monitor final : public source {
public:
	/// Makes a monitor and attaches to it. A name that exists already:
	/// error EEXIST.
	static std::unique_ptr<monitor> create(const monitor_options &options);

	/// Attaches to a named monitor. What its last reader got and did not
	/// acknowledge comes again first. error EBUSY while it has a reader,
	/// ENOENT when there is none of that name.
	static std::unique_ptr<monitor> attach(const std::string &name);

	/// Over a given transport, for tests. @p name empty: anonymous.
	static std::unique_ptr<monitor> create(const monitor_options &options,
					       std::unique_ptr<transport> link);
	static std::unique_ptr<monitor> attach(const std::string &name,
					       std::unique_ptr<transport> link);

	~monitor() override;

	std::uint32_t id() const noexcept;
	/// The module's instance; sequence numbers count within one.
	std::uint32_t instance() const noexcept;

	std::string name() const override;
	std::uint32_t add_tree(int dirfd, const std::string &label,
			       std::uint32_t mask = 0) override;
	void remove(std::uint32_t watch);
	int fd() const noexcept override;
	dispatch_result dispatch(const handler &each) override;
	void ack(std::uint64_t seq) override;

private:
	explicit monitor(std::unique_ptr<reader> in);

	std::unique_ptr<reader> in_;
};

} // namespace imon

#endif
