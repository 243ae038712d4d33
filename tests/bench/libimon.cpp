// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <memory>

#include <imon/monitor.hpp>

extern "C" {
#include "libimon.h"
}

namespace {

std::unique_ptr<imon::monitor> monitor;

bool watch_more(const char *path)
{
	const int tree = open(path, O_PATH | O_CLOEXEC);
	monitor->add_tree(tree, path);
	close(tree);
	return true;
}

template <std::uint32_t mode>
bool watch()
{
	monitor = imon::monitor::create({.mode = mode});
	return watch_more("tree");
}

bool drain()
{
	pollfd ready{monitor->fd(), POLLIN, 0};
	poll(&ready, 1, -1);
	std::uint64_t seen = 0;
	bool end = false;
	monitor->dispatch([&](const imon::event &e) {
		seen = e.seq;
		end |= e.path && subject_is_end(e.path->data(), e.path->size());
	});
	if (seen)
		monitor->ack(seen);
	return end;
}

void leave()
{
	monitor.reset();
}

constexpr subject by_libimon(const char *name, bool (*watch)())
{
	return {
		.name = name,
		.watch = watch,
		.watch_more = watch_more,
		.watch_inodes = nullptr,
		.drain = drain,
		.leave = leave,
	};
}

} // namespace

const subject subject_libimon_log =
	by_libimon("imon-log", watch<IMON_MODE_LOG>);

const subject subject_libimon_state =
	by_libimon("imon-state", watch<IMON_MODE_STATE>);
