// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/signalfd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <system_error>

#include <imon/error.hpp>
#include <imon/monitor.hpp>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/spdlog.h>

#include "child.hpp"
#include "mirror.hpp"
#include "options.hpp"
#include "quote.hpp"
#include "terminal.hpp"

using namespace imon::mirrord;

namespace {

enum status { stopped = 0, broken = 1, refused = 2, halted = 3 };

void set_up_log(bool verbose)
{
	auto log = std::make_shared<spdlog::logger>(
		"mirrord",
		std::make_shared<spdlog::sinks::ansicolor_stderr_sink_st>());
	// On a terminal a line of progress may stand there; overwrite it.
	log->set_pattern(is_terminal() ? std::string(clear_line) + "%H:%M:%S %v"
				       : "%v");
	log->set_level(verbose ? spdlog::level::debug : spdlog::level::info);
	spdlog::set_default_logger(std::move(log));
}

/// Becomes readable when the daemon is told to end.
descriptor stop_signals()
{
	sigset_t set;
	sigemptyset(&set);
	for (const int s : {SIGTERM, SIGINT, SIGHUP})
		sigaddset(&set, s);
	sigprocmask(SIG_BLOCK, &set, nullptr);
	std::signal(SIGPIPE, SIG_IGN);
	descriptor fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
	if (!fd)
		throw std::system_error(errno, std::generic_category(),
					"signalfd");
	return fd;
}

std::unique_ptr<imon::source> watch(const options &o, const source_tree &tree)
{
	const auto start = clock::now();
	auto events = imon::monitor::create({.name = {},
					     .mode = IMON_MODE_STATE,
					     .queue_bytes = 0,
					     .window = o.window});
	const descriptor root = tree.open();
	events->add_tree(root.get(), tree.path().substr(0, IMON_LABEL_MAX));
	const std::chrono::duration<double, std::milli> took =
		clock::now() - start;
	spdlog::info("watching {}, armed in {:.1f} ms", quote(tree.path()),
		     took.count());
	return events;
}

int run(int argc, char **argv)
{
	const options o = parse_options(argc, argv);
	set_up_log(o.verbose);
	const descriptor stop = stop_signals();
	const source_tree tree(o.root);
	const auto events = watch(o, tree);
	poller loop;
	child_launcher programs(loop, tree);
	mirror daemon(o, tree, *events, loop, programs, stop.get());
	const auto why = daemon.run();
	if (!why)
		return status::stopped;
	spdlog::error(
		"halted: {}; nothing was deleted because of it; check with 'findmnt -T {}' "
		"and start imon-mirrord again",
		*why, quote(tree.path()));
	return status::halted;
}

} // namespace

int main(int argc, char **argv)
{
	try {
		return run(argc, argv);
	} catch (const imon::error &e) {
		std::fprintf(stderr, "imon-mirrord: %s\n",
			     e.sentence().c_str());
		return status::refused;
	} catch (const std::exception &e) {
		std::fprintf(stderr, "imon-mirrord: %s\n", e.what());
		return status::broken;
	}
}
