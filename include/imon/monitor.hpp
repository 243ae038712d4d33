// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_MONITOR_HPP
#define IMON_MONITOR_HPP

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <imon/monitor_options.hpp>
#include <imon/source.hpp>
#include <imon/watch_options.hpp>

namespace imon {

class reader;
class transport;

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
	/// Watches what is open as @p fd (O_PATH will do), which stays the
	/// caller's. On return every later change is reported.
	/// @return the watch's id
	/// @throws error  EPERM: trees take CAP_SYS_ADMIN; EACCES: what is to
	///                be watched may not be read
	std::uint32_t add(int fd, const watch_options &options);
	/// The same of many with one request, in their order and without a
	/// label, up to the first that cannot be watched.
	/// @return an id for each of the first of @p fds, at least one unless
	///         that is empty; when these are not all, go on with the next
	/// @throws error  why not even the first can be watched
	std::vector<std::uint32_t> add(std::span<const int> fds,
				       const watch_options &options);
	void remove(std::uint32_t watch) override;
	/// Leaves out what happens below a directory inside a tree, wherever
	/// the directory moves; its own name and attributes stay.
	void exclude(std::uint32_t watch, int dirfd);
	/// Takes an exclusion back. What happened below was not seen.
	void include(std::uint32_t watch, int dirfd);
	int fd() const noexcept override;
	dispatch_result dispatch(const handler &each) override;
	void ack(std::uint64_t seq) override;

private:
	explicit monitor(std::unique_ptr<reader> in);

	std::unique_ptr<reader> in_;
};

} // namespace imon

#endif
