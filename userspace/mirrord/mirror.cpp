// SPDX-License-Identifier: GPL-2.0-or-later
#include "mirror.hpp"

#include <poll.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include <imon/error.hpp>
#include <spdlog/spdlog.h>

#include "file_list.hpp"
#include "terminal.hpp"

namespace imon::mirrord {

// How long a running rsync may go on after the daemon was told to end.
static constexpr auto grace = std::chrono::seconds(10);

mirror::mirror(const options &o, const source_tree &tree, source &events,
	       poller &loop, launcher &programs, int stop)
	: tree_(tree)
	, events_(events)
	, loop_(loop)
	, planner_(o.replicas.size())
{
	for (std::size_t i = 0; i < o.replicas.size(); i++) {
		replica &r = replicas_.emplace_back(
			o, o.replicas[i], planner_.of(i), programs,
			static_cast<std::uint_fast32_t>(i + 1));
		if (is_terminal())
			r.show_progress([this] { draw_progress(); });
	}
	reading_ = loop_.add(events.fd(), POLLIN, [this] { readable_ = true; });
	stopping_ = loop_.add(stop, POLLIN, [this] { stopped_ = true; });
}

std::optional<std::string> mirror::run()
{
	sd_notify(0, "READY=1");
	while (true) {
		turn();
		if (stopped_ || halted_)
			break;
		tell_status();
		loop_.wait(deadline());
	}
	stopping_.cancel();
	reading_.cancel();
	wind_up();
	return halted_;
}

/// Whatever happened until a batch ended is taken in before the batch is
/// settled: a path that was renamed or removed under rsync's eyes is pending
/// again by then.
void mirror::turn()
{
	const bool finished =
		std::any_of(replicas_.begin(), replicas_.end(),
			    [](const replica &r) { return r.finished(); });
	if (readable_ || finished)
		drain();
	if (finished && !halted_)
		settle();
	if (!stopped_ && !halted_)
		start_batches();
}

void mirror::drain()
{
	constexpr std::uint32_t root_gone =
		IMON_EVENT_ROOT_DELETED | IMON_EVENT_UNMOUNT;
	readable_ = false;
	const auto now = clock::now();
	const dispatch_result result = events_.dispatch([&](const event &e) {
		if (e.mask & root_gone)
			halt(e.mask & IMON_EVENT_UNMOUNT ? "source unmounted"
							 : "source removed");
		planner_.take_in(e, now);
	});
	if (result.gone)
		halt("the watch ended, the imon module may have been unloaded");
	if (const auto why = tree_.lost())
		halt(*why);
}

void mirror::settle()
{
	for (replica &r : replicas_) {
		if (r.would_be_emptied())
			halt("source is empty, but its replica " + r.name() +
			     " is not");
		if (r.finished())
			r.settle(clock::now());
	}
	const std::uint64_t seq = planner_.settled();
	if (seq <= acknowledged_)
		return;
	try {
		events_.ack(seq);
		acknowledged_ = seq;
	} catch (const error &e) {
		halt(e.sentence());
	}
}

void mirror::start_batches()
{
	const auto now = clock::now();
	const auto ready = [&](const replica &r) {
		return r.due() && *r.due() <= now;
	};
	if (std::none_of(replicas_.begin(), replicas_.end(), ready))
		return;
	const descriptor root = tree_.open();
	if (!root) {
		halt(tree_.lost().value_or("source replaced for a moment"));
		return;
	}
	find_linked_names(root.get());
	for (replica &r : replicas_)
		if (ready(r))
			r.start(root.get(), now);
}

void mirror::find_linked_names(int root)
{
	if (planner_.linked().empty())
		return;
	std::set<std::uint64_t> inodes;
	for (const auto &[ino, t] : planner_.linked())
		inodes.insert(ino);
	planner_.pend_names(names_of(root, inodes));
}

/// The first reason stays: the others follow from it.
void mirror::halt(const std::string &why)
{
	if (!halted_)
		halted_ = why;
}

/// Lets what runs come to its end, within bounds.
void mirror::wind_up()
{
	sd_notifyf(0, "STOPPING=1\nSTATUS=%s%s",
		   halted_ ? "halted: " : "stopping",
		   halted_.value_or("").c_str());
	const auto busy = [this] {
		return std::any_of(
			replicas_.begin(), replicas_.end(),
			[](const replica &r) { return r.running(); });
	};
	const auto patience = clock::now() + grace;
	while (busy() && clock::now() < patience)
		loop_.wait(patience);
	for (replica &r : replicas_)
		r.terminate();
	while (busy() && clock::now() < patience + grace)
		loop_.wait(patience + grace);
}

std::optional<clock::time_point> mirror::deadline() const
{
	std::optional<clock::time_point> first;
	for (const replica &r : replicas_)
		if (const auto due = r.due())
			first = std::min(first.value_or(*due), *due);
	return first;
}

void mirror::tell_status()
{
	std::string text;
	bool all = true;
	for (const replica &r : replicas_) {
		all &= r.status() == "in sync";
		text += (text.empty() ? "" : "; ") + r.name() + ": " +
			r.status();
	}
	if (all)
		text = "in sync";
	if (std::exchange(status_, text) != text)
		sd_notifyf(0, "STATUS=%s", text.c_str());
}

void mirror::draw_progress()
{
	std::string line;
	for (const replica &r : replicas_)
		if (!r.progress().empty())
			line += (line.empty() ? "" : " | ") + r.name() + " " +
				r.progress();
	std::fprintf(stderr, "%s%.200s", clear_line, line.c_str());
}

} // namespace imon::mirrord
