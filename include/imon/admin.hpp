// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_ADMIN_HPP
#define IMON_ADMIN_HPP

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <imon/monitor_options.hpp>
#include <imon/watch_options.hpp>

namespace imon {

class conversation;
class transport;

struct module_info {
	std::uint32_t instance = 0;
	std::string version;
	std::uint32_t monitors = 0;
	std::uint32_t watches = 0;
	std::uint32_t filesystems = 0;
	std::uint64_t events = 0;   ///< that somebody watched
	std::uint64_t unplaced = 0; ///< whose place nobody could tell
	std::uint64_t memory_failures = 0;
};

struct monitor_info {
	std::uint32_t id = 0;
	std::uint32_t instance = 0;
	std::string name; ///< empty: anonymous
	std::uint32_t mode = 0;
	std::uint64_t queue_bytes = 0;
	std::uint32_t window_us = 0;
	std::uint32_t uid = 0;
	std::optional<std::uint32_t> reader; ///< port of the attached socket
	std::uint32_t watches = 0;
	std::uint64_t head_seq = 0, acked_seq = 0;
	std::uint64_t pending = 0, in_flight = 0;
	std::uint64_t bytes = 0, bytes_high = 0;
	std::uint64_t queued = 0, merged = 0, degraded = 0;
	/// What degraded consists of.
	std::uint64_t degraded_dir = 0, degraded_subtree = 0, degraded_root = 0;
	std::uint64_t delivered = 0, redelivered = 0;
	std::uint64_t memory_failures = 0;
	std::uint32_t retention_sec = 0; ///< 0: until they are read
	std::uint32_t actor = 0;	 ///< whether events say who
};

struct watch_info {
	std::uint32_t id = 0;
	std::uint32_t monitor = 0;
	std::uint32_t scope = 0;
	std::uint32_t mask = 0;
	std::string label{};
	std::uint32_t state = IMON_WATCH_STATE_ACTIVE;
	std::uint64_t ino = 0;
	std::uint32_t dev = 0;	    ///< major << 20 | minor
	std::uint32_t excludes = 0; ///< directories left out of the tree
};

/// Looks at the module and its monitors; attaches to nothing.
/// All calls throw error. One thread at a time.
class admin {
public:
	admin();
	explicit admin(std::unique_ptr<transport> link);
	~admin();

	module_info module();
	std::vector<monitor_info> monitors();
	std::vector<watch_info> watches();
	/// Makes a named monitor that has no reader yet.
	std::uint32_t create(const monitor_options &options);
	/// As the functions of monitor, for the monitor with this id.
	std::uint32_t add(std::uint32_t monitor, int fd,
			  const watch_options &options);
	void remove(std::uint32_t monitor, std::uint32_t watch);
	void exclude(std::uint32_t monitor, std::uint32_t watch, int dirfd);
	void include(std::uint32_t monitor, std::uint32_t watch, int dirfd);
	/// Removes a named monitor with its watches and its queue.
	void remove(const std::string &name);

private:
	std::unique_ptr<conversation> link_;
};

} // namespace imon

#endif
