// SPDX-License-Identifier: LGPL-2.1-or-later
#include <imon/monitor.hpp>

#include <cerrno>

#include <imon/error.hpp>

#include "codec.hpp"
#include "netlink_transport.hpp"
#include "reader.hpp"

namespace imon {

std::unique_ptr<monitor> monitor::create(const monitor_options &options)
{
	return create(options, std::make_unique<netlink_transport>());
}

std::unique_ptr<monitor> monitor::attach(const std::string &name)
{
	return attach(name, std::make_unique<netlink_transport>());
}

std::unique_ptr<monitor> monitor::create(const monitor_options &options,
					 std::unique_ptr<transport> link)
{
	auto in = std::make_unique<reader>(std::move(link));
	in->become(codec::monitor_create(options));
	if (!options.name.empty())
		in->become(codec::monitor_attach(in->id()));
	in->start();
	return std::unique_ptr<monitor>(new monitor(std::move(in)));
}

std::unique_ptr<monitor> monitor::attach(const std::string &name,
					 std::unique_ptr<transport> link)
{
	auto in = std::make_unique<reader>(std::move(link));
	in->become(codec::monitor_attach(name));
	in->start();
	return std::unique_ptr<monitor>(new monitor(std::move(in)));
}

monitor::monitor(std::unique_ptr<reader> in)
	: in_(std::move(in))
{
}

monitor::~monitor() = default;

std::uint32_t monitor::id() const noexcept
{
	return in_->id();
}

std::uint32_t monitor::instance() const noexcept
{
	return in_->instance();
}

std::string monitor::name() const
{
	return "imon";
}

std::uint32_t monitor::add_tree(int dirfd, const std::string &label,
				std::uint32_t mask)
{
	return add(dirfd, {.mask = mask, .label = label});
}

std::uint32_t monitor::add(int fd, const watch_options &options)
{
	std::optional<watch_info> watch;
	in_->ask(codec::watch_add(id(), fd, options), [&](const message &m) {
		watch = codec::parse_watch(m.attributes);
	});
	if (!watch)
		throw malformed_reply();
	return watch->id;
}

std::vector<std::uint32_t> monitor::add(std::span<const int> fds,
					const watch_options &options)
{
	if (fds.empty())
		return {};
	std::optional<std::vector<std::uint32_t>> watches;
	in_->ask(codec::watch_add(id(), fds, options), [&](const message &m) {
		watches = codec::parse_watches(m.attributes);
	});
	if (!watches || watches->size() > fds.size())
		throw malformed_reply();
	return *std::move(watches);
}

void monitor::remove(std::uint32_t watch)
{
	in_->ask(codec::watch_del(id(), watch));
}

void monitor::exclude(std::uint32_t watch, int dirfd)
{
	in_->ask(codec::watch_exclude(id(), watch, dirfd));
}

void monitor::include(std::uint32_t watch, int dirfd)
{
	in_->ask(codec::watch_include(id(), watch, dirfd));
}

int monitor::fd() const noexcept
{
	return in_->fd();
}

dispatch_result monitor::dispatch(const handler &each)
{
	return in_->dispatch(each);
}

void monitor::ack(std::uint64_t seq)
{
	in_->ask(codec::event_ack(id(), instance(), seq));
}

} // namespace imon
