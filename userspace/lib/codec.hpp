// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_LIB_CODEC_HPP
#define IMON_LIB_CODEC_HPP

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <imon/admin.hpp>
#include <imon/event.hpp>
#include <imon/monitor.hpp>

#include "message.hpp"

/// Between the module's messages and libimon's values: pure functions, one
/// per request of Documentation/netlink/specs/imon.yaml and one per reply.
/// A parser returns nothing when the bytes are malformed.
namespace imon::codec {

request module_get();
/// @throws error EINVAL when the name or a time is longer than the module
/// takes
request monitor_create(const monitor_options &options);
request monitor_attach(std::uint32_t id);
request monitor_attach(const std::string &name);
request monitor_delete(const std::string &name);
request monitor_list();
/// A label that is too long is cut: it is only shown.
request watch_add(std::uint32_t monitor, int fd, const watch_options &options);
/// The first of @p fds that fit into one request.
request watch_add(std::uint32_t monitor, std::span<const int> fds,
		  const watch_options &options);
request watch_del(std::uint32_t monitor, std::uint32_t watch);
request watch_exclude(std::uint32_t monitor, std::uint32_t watch, int dirfd);
request watch_include(std::uint32_t monitor, std::uint32_t watch, int dirfd);
request watch_list();
request event_pull(std::uint32_t monitor);
request event_ack(std::uint32_t monitor, std::uint32_t instance,
		  std::uint64_t seq);

std::optional<module_info> parse_module(byte_view attributes);
std::optional<monitor_info> parse_monitor(byte_view attributes);
std::optional<watch_info> parse_watch(byte_view attributes);
/// Of several that were added with one request.
std::optional<std::vector<std::uint32_t>> parse_watches(byte_view attributes);
std::optional<event> parse_event(byte_view attributes);

/// Whether generic netlink's own controller says that the module's family is
/// no more.
bool says_unloaded(const message &m);

} // namespace imon::codec

#endif
