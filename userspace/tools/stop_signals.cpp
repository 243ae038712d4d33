// SPDX-License-Identifier: GPL-2.0-or-later
#include "stop_signals.hpp"

#include <cerrno>
#include <csignal>
#include <system_error>

#include <poll.h>
#include <sys/signalfd.h>

namespace imon::tools {

namespace {

int blocked_signals()
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, nullptr);
	const int fd = ::signalfd(-1, &set, SFD_CLOEXEC);
	if (fd < 0)
		throw std::system_error(errno, std::generic_category(),
					"cannot wait for signals");
	return fd;
}

} // namespace

stop_signals::stop_signals()
	: fd_(blocked_signals())
{
}

bool stop_signals::came() const
{
	pollfd p{fd_.get(), POLLIN, 0};
	return ::poll(&p, 1, 0) > 0;
}

} // namespace imon::tools
