// SPDX-License-Identifier: GPL-2.0-or-later
#include <cerrno>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <poll.h>

#include <CLI/CLI.hpp>

#include <imon/admin.hpp>
#include <imon/error.hpp>
#include <imon/monitor.hpp>

#include "../command.hpp"
#include "../event_output.hpp"
#include "../file_name.hpp"
#include "../monitor_arguments.hpp"
#include "../monitor_output.hpp"
#include "../named_monitor.hpp"
#include "../standard_output.hpp"
#include "../stop_signals.hpp"
#include "../watch_arguments.hpp"
#include "../watch_plan.hpp"

namespace imon::tools {

namespace {

struct arguments {
	watch_arguments watches;
	monitor_options monitor; ///< to make
	std::string attach;	 ///< of the monitor to resume, or empty
	bool json = false;
	std::uint64_t count = 0; ///< of events after which to end; 0: none
};

/// So many events at most are printed before they are acknowledged and it is
/// looked whether to end: a dispatch lasts as long as events keep coming.
constexpr unsigned settle_every = 256;

/// Prints what one monitor reports.
class follower {
public:
	follower(const arguments &args, const stop_signals &stop)
		: args_(args)
		, stop_(stop)
	{
	}

	/// Makes a monitor, or resumes one.
	void open();
	/// @return the exit code
	int follow();

private:
	/// Thrown out of a dispatch to leave it early.
	struct enough {};

	void resume();
	watch_calls calls();
	void arm(std::uint32_t watch, const std::string &root);
	void show(const event &e);
	/// Makes what was printed seen, then gives it back to the kernel.
	void settle();
	/// Sleeps until there are events. @return false: a signal came instead
	bool wait() const;
	dispatch_result dispatch();

	const arguments &args_;
	const stop_signals &stop_;
	std::unique_ptr<monitor> monitor_;
	std::map<std::uint32_t, std::string> roots_;
	std::size_t live_ = 0; ///< watches that still report
	std::uint64_t printed_ = 0;
	std::uint64_t seq_ = 0; ///< of the newest event printed
	std::uint64_t acked_ = 0;
};

void follower::open()
{
	if (!args_.attach.empty()) {
		resume();
		return;
	}
	const watch_plan plan(args_.watches);
	const auto &name = args_.monitor.name;
	monitor_ = with_monitor(name,
				[&] { return monitor::create(args_.monitor); });
	try {
		for (const auto &a : plan.carry_out(calls()))
			arm(a.watch, a.name);
	} catch (const error &) {
		if (!name.empty())
			admin().remove(name);
		throw;
	}
}

watch_calls follower::calls()
{
	return {.add =
			[this](int fd, const watch_options &o) {
				return monitor_->add(fd, o);
			},
		.exclude =
			[this](std::uint32_t watch, int dirfd) {
				monitor_->exclude(watch, dirfd);
			}};
}

void follower::resume()
{
	monitor_ = with_monitor(args_.attach,
				[&] { return monitor::attach(args_.attach); });
	for (const auto &w : admin().watches())
		if (w.monitor == monitor_->id() &&
		    w.state == IMON_WATCH_STATE_ACTIVE)
			arm(w.id, title_of(w));
}

void follower::arm(std::uint32_t watch, const std::string &root)
{
	roots_[watch] = root;
	live_++;
	std::fprintf(stderr, "watching %s\n", quoted_name(root).c_str());
}

void follower::show(const event &e)
{
	// The watch of an old record may be gone, and its root's name with it.
	const auto found = roots_.find(e.watch);
	const auto root = found != roots_.end() ? found->second : std::string();
	print((args_.json ? as_json(e, root) : as_text(e, root)) + '\n');
	seq_ = e.seq;
	printed_++;
	if (e.mask & (IMON_EVENT_ROOT_DELETED | IMON_EVENT_UNMOUNT) && live_)
		live_--;
	if (args_.count && printed_ == args_.count)
		throw enough();
	if (printed_ % settle_every == 0) {
		settle();
		if (stop_.came())
			throw enough();
	}
}

void follower::settle()
{
	flush();
	if (seq_ == acked_)
		return;
	monitor_->ack(seq_);
	acked_ = seq_;
}

bool follower::wait() const
{
	pollfd fds[] = {{monitor_->fd(), POLLIN, 0}, {stop_.fd(), POLLIN, 0}};
	while (::poll(fds, std::size(fds), -1) < 0)
		if (errno != EINTR)
			throw std::system_error(errno, std::generic_category(),
						"poll");
	return !fds[1].revents;
}

dispatch_result follower::dispatch()
{
	return monitor_->dispatch([this](const event &e) { show(e); });
}

int follower::follow()
{
	try {
		while (wait()) {
			const auto result = dispatch();
			if (result.gone)
				flush();
			if (result.gone == ENODEV)
				throw error(
					ENODEV,
					"the monitor is gone: it was deleted or "
					"the imon module unloaded; start anew");
			if (result.gone)
				throw error(
					result.gone,
					"the imon module sent what this imon "
					"cannot read; install the two in "
					"versions that belong together");
			settle();
			if (!live_)
				throw error(ENOENT, "nothing is left to watch: "
						    "all of it was deleted or "
						    "unmounted");
		}
	} catch (const enough &) {
		settle();
	} catch (const nobody_reads &) {
		// What could not be printed is not acknowledged.
	}
	return success;
}

int watch(const arguments &args)
{
	const stop_signals stop;
	follower f(args, stop);
	f.open();
	return f.follow();
}

} // namespace

action declare_watch(CLI::App &app)
{
	auto args = std::make_shared<arguments>();
	auto *const paths = args->watches.declare(app);
	app.add_option(
		   "--name", args->monitor.name,
		   "Make a named monitor, which goes on collecting afterwards")
		->type_name("NAME");
	declare_monitor_arguments(app, args->monitor);
	auto *const attach =
		app.add_option("--attach", args->attach,
			       "Resume the monitor of this name instead")
			->type_name("NAME")
			->excludes(paths);
	for (const char *other : {"--name", "--scope", "--mask", "--exclude",
				  "--mode", "--queue", "--window", "--actor"})
		attach->excludes(app.get_option(other));
	app.add_flag("--json", args->json, "Print a line of JSON per event");
	app.add_option("--count", args->count, "End after so many events")
		->type_name("N");
	app.parse_complete_callback([args, paths, attach] {
		if (paths->empty() && attach->empty())
			throw CLI::RequiredError("PATH or --attach");
		args->watches.check();
	});
	return [args] { return watch(*args); };
}

} // namespace imon::tools
