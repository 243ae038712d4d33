// SPDX-License-Identifier: LGPL-2.1-or-later
#include <imon/admin.hpp>

#include <cerrno>

#include <imon/error.hpp>

#include "codec.hpp"
#include "conversation.hpp"
#include "netlink_transport.hpp"

namespace imon {

namespace {

/// A listing that changes all the time is given up after so many attempts.
constexpr int list_attempts = 16;

template <typename T>
std::vector<T> list(conversation &link, const request &what,
		    std::optional<T> (*parse)(byte_view))
{
	for (int i = 0; i < list_attempts; i++) {
		std::vector<T> out;
		const bool consistent = link.ask(what, [&](const message &m) {
			auto item = parse(m.attributes);
			if (!item)
				throw malformed_reply();
			out.push_back(std::move(*item));
		});
		if (consistent)
			return out;
	}
	throw error(EAGAIN, "the list changes faster than it can be read; "
			    "try again");
}

template <typename T>
T get(conversation &link, const request &what,
      std::optional<T> (*parse)(byte_view))
{
	std::optional<T> out;
	link.ask(what, [&](const message &m) { out = parse(m.attributes); });
	if (!out)
		throw malformed_reply();
	return std::move(*out);
}

} // namespace

admin::admin()
	: admin(std::make_unique<netlink_transport>())
{
}

admin::admin(std::unique_ptr<transport> link)
	: link_(std::make_unique<conversation>(std::move(link)))
{
}

admin::~admin() = default;

module_info admin::module()
{
	return get(*link_, codec::module_get(), codec::parse_module);
}

std::vector<monitor_info> admin::monitors()
{
	return list(*link_, codec::monitor_list(), codec::parse_monitor);
}

std::vector<watch_info> admin::watches()
{
	return list(*link_, codec::watch_list(), codec::parse_watch);
}

std::uint32_t admin::create(const monitor_options &options)
{
	return get(*link_, codec::monitor_create(options), codec::parse_monitor)
		.id;
}

std::uint32_t admin::add(std::uint32_t monitor, int fd,
			 const watch_options &options)
{
	return get(*link_, codec::watch_add(monitor, fd, options),
		   codec::parse_watch)
		.id;
}

void admin::remove(std::uint32_t monitor, std::uint32_t watch)
{
	link_->ask(codec::watch_del(monitor, watch));
}

void admin::exclude(std::uint32_t monitor, std::uint32_t watch, int dirfd)
{
	link_->ask(codec::watch_exclude(monitor, watch, dirfd));
}

void admin::include(std::uint32_t monitor, std::uint32_t watch, int dirfd)
{
	link_->ask(codec::watch_include(monitor, watch, dirfd));
}

void admin::remove(const std::string &name)
{
	link_->ask(codec::monitor_delete(name));
}

} // namespace imon
