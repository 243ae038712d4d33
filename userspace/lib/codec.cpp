// SPDX-License-Identifier: LGPL-2.1-or-later
#include "codec.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <imon/error.hpp>

namespace imon::codec {

namespace {

/// The module would refuse a long name with the words of the policy checker,
/// which help nobody.
std::string_view checked_name(const std::string &name)
{
	if (name.empty() || name.size() > IMON_NAME_MAX)
		throw error(EINVAL, "a monitor's name has 1 to " +
					    std::to_string(IMON_NAME_MAX) +
					    " letters, digits and \"._@:-\"");
	return name;
}

/// A time for the module, which counts in 32 bits.
std::uint32_t checked_time(std::int64_t count, const char *name_and_unit)
{
	if (!std::in_range<std::uint32_t>(count))
		throw error(EINVAL, std::string("a monitor's ") +
					    name_and_unit + " are 0 to " +
					    std::to_string(UINT32_MAX));
	return static_cast<std::uint32_t>(count);
}

/// About one directory inside one tree.
request about_directory(std::uint8_t command, std::uint32_t monitor,
			std::uint32_t watch, int dirfd)
{
	request r(command, NLM_F_ACK);
	r.put(IMON_A_WATCH_MONITOR, monitor)
		.put(IMON_A_WATCH_ID, watch)
		.put(IMON_A_WATCH_FD, static_cast<std::uint32_t>(dirfd));
	return r;
}

template <typename T>
std::optional<T> value_if(const attribute_reader &in, T &value)
{
	if (!in.ok())
		return std::nullopt;
	return std::move(value);
}

} // namespace

request module_get()
{
	return {IMON_CMD_MODULE_GET, NLM_F_ACK};
}

request monitor_create(const monitor_options &options)
{
	request r(IMON_CMD_MONITOR_CREATE, NLM_F_ACK);
	if (!options.name.empty())
		r.put(IMON_A_MONITOR_NAME, checked_name(options.name));
	r.put(IMON_A_MONITOR_MODE, options.mode);
	if (options.queue_bytes)
		r.put(IMON_A_MONITOR_QUEUE_BYTES, options.queue_bytes);
	if (options.window.count())
		r.put(IMON_A_MONITOR_WINDOW_US,
		      checked_time(options.window.count(),
				   "microseconds between wakes"));
	if (options.uid)
		r.put(IMON_A_MONITOR_UID, *options.uid);
	if (options.retention.count())
		r.put(IMON_A_MONITOR_RETENTION_SEC,
		      checked_time(options.retention.count(),
				   "seconds of retention"));
	if (options.actor)
		r.put(IMON_A_MONITOR_ACTOR, std::uint32_t{1});
	return r;
}

request monitor_attach(std::uint32_t id)
{
	request r(IMON_CMD_MONITOR_ATTACH, NLM_F_ACK);
	r.put(IMON_A_MONITOR_ID, id);
	return r;
}

request monitor_attach(const std::string &name)
{
	request r(IMON_CMD_MONITOR_ATTACH, NLM_F_ACK);
	r.put(IMON_A_MONITOR_NAME, checked_name(name));
	return r;
}

request monitor_delete(const std::string &name)
{
	request r(IMON_CMD_MONITOR_DELETE, NLM_F_ACK);
	r.put(IMON_A_MONITOR_NAME, checked_name(name));
	return r;
}

request monitor_list()
{
	return {IMON_CMD_MONITOR_LIST, NLM_F_DUMP};
}

request watch_add(std::uint32_t monitor, int fd, const watch_options &options)
{
	request r(IMON_CMD_WATCH_ADD, NLM_F_ACK);
	r.put(IMON_A_WATCH_MONITOR, monitor)
		.put(IMON_A_WATCH_FD, static_cast<std::uint32_t>(fd))
		.put(IMON_A_WATCH_SCOPE, options.scope);
	if (!options.label.empty())
		r.put(IMON_A_WATCH_LABEL, std::string_view(options.label)
						  .substr(0, IMON_LABEL_MAX));
	if (options.mask)
		r.put(IMON_A_WATCH_MASK, options.mask);
	return r;
}

request watch_add(std::uint32_t monitor, std::span<const int> fds,
		  const watch_options &options)
{
	request r(IMON_CMD_WATCH_ADD, NLM_F_ACK);
	r.put(IMON_A_WATCH_MONITOR, monitor)
		.put(IMON_A_WATCH_SCOPE, options.scope)
		.put(IMON_A_WATCH_FDS,
		     fds.first(std::min<std::size_t>(
			     fds.size(), IMON_FDS_MAX / sizeof(int))));
	if (options.mask)
		r.put(IMON_A_WATCH_MASK, options.mask);
	return r;
}

request watch_del(std::uint32_t monitor, std::uint32_t watch)
{
	request r(IMON_CMD_WATCH_DEL, NLM_F_ACK);
	r.put(IMON_A_WATCH_MONITOR, monitor).put(IMON_A_WATCH_ID, watch);
	return r;
}

request watch_exclude(std::uint32_t monitor, std::uint32_t watch, int dirfd)
{
	return about_directory(IMON_CMD_WATCH_EXCLUDE, monitor, watch, dirfd);
}

request watch_include(std::uint32_t monitor, std::uint32_t watch, int dirfd)
{
	return about_directory(IMON_CMD_WATCH_INCLUDE, monitor, watch, dirfd);
}

request watch_list()
{
	return {IMON_CMD_WATCH_LIST, NLM_F_DUMP};
}

request event_pull(std::uint32_t monitor)
{
	request r(IMON_CMD_EVENT_PULL, NLM_F_DUMP);
	r.put(IMON_A_EVENT_MONITOR, monitor);
	return r;
}

request event_ack(std::uint32_t monitor, std::uint32_t instance,
		  std::uint64_t seq)
{
	request r(IMON_CMD_EVENT_ACK, NLM_F_ACK);
	r.put(IMON_A_EVENT_MONITOR, monitor)
		.put(IMON_A_EVENT_INSTANCE, instance)
		.put(IMON_A_EVENT_SEQ, seq);
	return r;
}

std::optional<module_info> parse_module(byte_view attributes)
{
	module_info m;
	attribute_reader in(attributes);
	in.required(IMON_A_MODULE_INSTANCE, m.instance)
		.optional(IMON_A_MODULE_VERSION, m.version)
		.optional(IMON_A_MODULE_MONITORS, m.monitors)
		.optional(IMON_A_MODULE_WATCHES, m.watches)
		.optional(IMON_A_MODULE_FILESYSTEMS, m.filesystems)
		.optional(IMON_A_MODULE_EVENTS, m.events)
		.optional(IMON_A_MODULE_UNPLACED, m.unplaced)
		.optional(IMON_A_MODULE_MEMORY_FAILURES, m.memory_failures);
	return value_if(in, m);
}

std::optional<monitor_info> parse_monitor(byte_view attributes)
{
	monitor_info m;
	attribute_reader in(attributes);
	in.required(IMON_A_MONITOR_ID, m.id)
		.required(IMON_A_MONITOR_INSTANCE, m.instance)
		.optional(IMON_A_MONITOR_NAME, m.name)
		.optional(IMON_A_MONITOR_MODE, m.mode)
		.optional(IMON_A_MONITOR_QUEUE_BYTES, m.queue_bytes)
		.optional(IMON_A_MONITOR_WINDOW_US, m.window_us)
		.optional(IMON_A_MONITOR_UID, m.uid)
		.optional(IMON_A_MONITOR_READER, m.reader)
		.optional(IMON_A_MONITOR_WATCHES, m.watches)
		.optional(IMON_A_MONITOR_HEAD_SEQ, m.head_seq)
		.optional(IMON_A_MONITOR_ACKED_SEQ, m.acked_seq)
		.optional(IMON_A_MONITOR_PENDING, m.pending)
		.optional(IMON_A_MONITOR_IN_FLIGHT, m.in_flight)
		.optional(IMON_A_MONITOR_BYTES, m.bytes)
		.optional(IMON_A_MONITOR_BYTES_HIGH, m.bytes_high)
		.optional(IMON_A_MONITOR_QUEUED, m.queued)
		.optional(IMON_A_MONITOR_MERGED, m.merged)
		.optional(IMON_A_MONITOR_DEGRADED, m.degraded)
		.optional(IMON_A_MONITOR_DELIVERED, m.delivered)
		.optional(IMON_A_MONITOR_REDELIVERED, m.redelivered)
		.optional(IMON_A_MONITOR_DEGRADED_DIR, m.degraded_dir)
		.optional(IMON_A_MONITOR_DEGRADED_SUBTREE, m.degraded_subtree)
		.optional(IMON_A_MONITOR_DEGRADED_ROOT, m.degraded_root)
		.optional(IMON_A_MONITOR_MEMORY_FAILURES, m.memory_failures)
		.optional(IMON_A_MONITOR_RETENTION_SEC, m.retention_sec)
		.optional(IMON_A_MONITOR_ACTOR, m.actor);
	return value_if(in, m);
}

std::optional<watch_info> parse_watch(byte_view attributes)
{
	watch_info w;
	attribute_reader in(attributes);
	in.required(IMON_A_WATCH_ID, w.id)
		.required(IMON_A_WATCH_MONITOR, w.monitor)
		.optional(IMON_A_WATCH_SCOPE, w.scope)
		.optional(IMON_A_WATCH_MASK, w.mask)
		.optional(IMON_A_WATCH_LABEL, w.label)
		.optional(IMON_A_WATCH_STATE, w.state)
		.optional(IMON_A_WATCH_INO, w.ino)
		.optional(IMON_A_WATCH_DEV, w.dev)
		.optional(IMON_A_WATCH_EXCLUDES, w.excludes);
	return value_if(in, w);
}

std::optional<std::vector<std::uint32_t>> parse_watches(byte_view attributes)
{
	std::optional<std::string> packed;
	attribute_reader in(attributes);
	in.binary(IMON_A_WATCH_IDS, packed);
	if (!in.ok() || !packed || packed->empty() ||
	    packed->size() % sizeof(std::uint32_t))
		return std::nullopt;
	std::vector<std::uint32_t> ids(packed->size() / sizeof(std::uint32_t));
	std::memcpy(ids.data(), packed->data(), packed->size());
	return ids;
}

/// Of these there are many: made where it is returned, none is copied.
std::optional<event> parse_event(byte_view attributes)
{
	std::optional<event> read(std::in_place);
	event &e = *read;
	std::optional<std::uint32_t> pid;
	attribute_reader in(attributes);
	in.required(IMON_A_EVENT_SEQ, e.seq)
		.required(IMON_A_EVENT_WATCH, e.watch)
		.required(IMON_A_EVENT_MASK, e.mask)
		.optional(IMON_A_EVENT_TYPE, e.type)
		.optional(IMON_A_EVENT_INO, e.ino)
		.binary(IMON_A_EVENT_PATH, e.path)
		.binary(IMON_A_EVENT_NEW_PATH, e.new_path)
		.optional(IMON_A_EVENT_PID, pid);
	if (pid) {
		actor &who = e.who.emplace();
		who.pid = *pid;
		in.required(IMON_A_EVENT_UID, who.uid)
			.required(IMON_A_EVENT_COMM, who.comm);
	}
	// Without any name, the record is about the root.
	if (!e.path && !e.new_path)
		e.path.emplace();
	if (!in.ok())
		read.reset();
	return read;
}

bool says_unloaded(const message &m)
{
	if (m.type != GENL_ID_CTRL || m.command != CTRL_CMD_DELFAMILY)
		return false;
	std::string family;
	attribute_reader in(m.attributes);
	in.optional(CTRL_ATTR_FAMILY_NAME, family);
	return family == IMON_GENL_NAME;
}

} // namespace imon::codec
