// SPDX-License-Identifier: GPL-2.0-or-later
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include <imon/error.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/spdlog.h>

#include "control_server.hpp"
#include "daemon.hpp"
#include "dry_run.hpp"
#include "command_line.hpp"
#include "journald.hpp"
#include "metrics.hpp"
#include "terminal.hpp"

namespace imon::mirrord {

namespace {

enum status { stopped = 0, broken = 1, refused = 2, halted = 3 };

/// How a line begins for who reads standard error, see sd-daemon(3).
class priority_flag final : public spdlog::custom_flag_formatter {
public:
	void format(const spdlog::details::log_msg &line, const std::tm &,
		    spdlog::memory_buf_t &to) override
	{
		const std::string text =
			'<' + std::to_string(priority(line.level)) + '>';
		to.append(text.data(), text.data() + text.size());
	}
	std::unique_ptr<custom_flag_formatter> clone() const override
	{
		return std::make_unique<priority_flag>();
	}
};

void set_up_log(bool verbose)
{
	auto log = std::make_shared<spdlog::logger>(
		"mirrord",
		std::make_shared<spdlog::sinks::ansicolor_stderr_sink_st>());
	auto format = std::make_unique<spdlog::pattern_formatter>();
	// On a terminal a line of progress may stand there; overwrite it. Who
	// started a service wants to know how much a line matters.
	format->add_flag<priority_flag>('N').set_pattern(
		is_terminal() ? std::string(clear_line) + "%H:%M:%S %v"
		: std::getenv("INVOCATION_ID") ? "%N%v"
					       : "%v");
	log->set_formatter(std::move(format));
	log->set_level(verbose ? spdlog::level::debug : spdlog::level::info);
	spdlog::set_default_logger(std::move(log));
}

/// Becomes readable when the daemon is told something.
descriptor signals()
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

/// SIGHUP: read the configuration again, if there is one; all others: end.
void obey(const descriptor &told, daemon &d)
{
	signalfd_siginfo info{};
	while (read(told.get(), &info, sizeof info) == sizeof info)
		if (info.ssi_signo == SIGHUP && d.in_force().configuration)
			d.reload();
		else
			d.stop();
}

int run(int argc, char **argv)
{
	const auto read_settings = [argc, argv] {
		return parse_command_line(argc, argv);
	};
	const settings wanted = read_settings();
	set_up_log(wanted.verbose);
	const descriptor told = signals();
	poller loop;
	if (wanted.dry_run)
		return dry_run(wanted, loop) ? status::stopped : status::broken;
	daemon d(wanted, read_settings, loop);
	control_server control(loop, d, wanted.control_socket);
	std::optional<metrics_server> metrics;
	if (wanted.metrics)
		metrics.emplace(loop, d, *wanted.metrics);
	d.after_each_turn([&control] { control.turned(); });
	const auto obeying =
		loop.add(told.get(), POLLIN, [&] { obey(told, d); });
	return d.run() ? status::halted : status::stopped;
}

} // namespace

} // namespace imon::mirrord

int main(int argc, char **argv)
{
	try {
		return imon::mirrord::run(argc, argv);
	} catch (const imon::error &e) {
		std::fprintf(stderr, "imon-mirrord: %s\n",
			     e.sentence().c_str());
		return imon::mirrord::status::refused;
	} catch (const std::exception &e) {
		std::fprintf(stderr, "imon-mirrord: %s\n", e.what());
		return imon::mirrord::status::broken;
	}
}
