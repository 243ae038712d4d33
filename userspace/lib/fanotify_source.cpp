// SPDX-License-Identifier: LGPL-2.1-or-later
#include <imon/fanotify_source.hpp>

#include <fcntl.h>
#include <sys/fanotify.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <utility>

#include <imon/error.hpp>

#include "fanotify_translator.hpp"
#include "handle_tree.hpp"

namespace imon {

namespace {

/// What fanotify is asked for; the newest kernels first.
struct dialect {
	unsigned group;
	std::uint64_t renames;
};

constexpr dialect dialects[] = {
	{FAN_REPORT_DFID_NAME_TARGET, FAN_RENAME},
	{FAN_REPORT_DFID_NAME | FAN_REPORT_FID, FAN_MOVED_FROM | FAN_MOVED_TO},
};

constexpr std::uint64_t always = IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE;

[[noreturn]] void refuse(const std::string &what, int why)
{
	throw error(why,
		    "fanotify cannot " + what + ": " +
			    (why == EPERM ? "that takes CAP_SYS_ADMIN; run it "
					    "as root"
					  : std::strerror(why) +
						    std::string("; the module "
								"can: modprobe "
								"imon")));
}

struct tree {
	tree(int dirfd, std::uint32_t number, std::uint32_t kinds,
	     std::deque<event> &into)
		: handles(dirfd)
		, watch(number)
		, wanted(kinds)
		, translator(handles, [this, &into](event e) {
			e.watch = watch;
			if (!wanted || (e.mask & (wanted | always)))
				into.push_back(std::move(e));
		})
	{
	}

	void take_in(const std::vector<fanotify_notice> &notices);

	handle_tree handles;
	std::uint32_t watch, wanted;
	fanotify_translator translator;
	bool away = false; ///< it was not found where it is to be
};

void tree::take_in(const std::vector<fanotify_notice> &notices)
{
	for (const fanotify_notice &n : notices) {
		if (n.lost.empty() && n.filesystem != handles.filesystem())
			continue;
		const bool was_away = std::exchange(away, !handles.open());
		if (away != was_away)
			translator.lose("the tree is not where it was");
		if (!away)
			translator.take_in(n);
	}
	if (!handles.close())
		translator.lose("the tree is not where it was");
}

open_file start(const dialect &d)
{
	return open_file(fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC |
					       FAN_NONBLOCK | d.group,
				       O_RDONLY | O_CLOEXEC));
}

} // namespace

struct fanotify_source::group {
	group();

	int read_all();
	void settle();

	const dialect *speaks;
	open_file fd;
	open_file timer; ///< for what does not come
	open_file both;	 ///< readable when one of them is
	std::vector<std::unique_ptr<tree>> trees;
	std::deque<event> waiting; ///< to be handed out
	std::uint32_t last_watch = 0;
	std::uint64_t last_seq = 0;
};

fanotify_source::group::group()
	: speaks(dialects)
	, fd(start(*speaks))
	, timer(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK))
	, both(epoll_create1(EPOLL_CLOEXEC))
{
	if (!fd && errno == EINVAL)
		fd = start(*++speaks);
	if (!fd)
		refuse("tell names, as from Linux 5.9 on", errno);
	for (const open_file *each : {&fd, &timer}) {
		epoll_event readable{.events = EPOLLIN, .data = {}};
		if (epoll_ctl(both.get(), EPOLL_CTL_ADD, each->get(),
			      &readable) < 0)
			refuse("be waited for", errno);
	}
}

/// Reads what is there now. @return 0, or the errno that ended it
int fanotify_source::group::read_all()
{
	std::array<char, 65536> buffer;
	int unread = 0;
	if (ioctl(fd.get(), FIONREAD, &unread) < 0)
		return errno;
	while (unread > 0) {
		const ssize_t n =
			::read(fd.get(), buffer.data(), buffer.size());
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : errno;
		const auto notices = parse_notices(
			{buffer.data(), static_cast<std::size_t>(n)});
		for (const auto &t : trees)
			t->take_in(notices);
		unread -= static_cast<int>(n);
	}
	return 0;
}

/// Tells what is left to be told, and sets the timer to its time.
void fanotify_source::group::settle()
{
	itimerspec wake{};
	for (const auto &t : trees)
		if (t->translator.settle(fanotify_translator::clock::now()))
			wake.it_value.tv_sec =
				fanotify_translator::patience.count();
	timerfd_settime(timer.get(), 0, &wake, nullptr);
}

fanotify_source::fanotify_source()
	: group_(std::make_unique<group>())
{
}

fanotify_source::~fanotify_source() = default;

std::string fanotify_source::name() const
{
	return "fanotify";
}

std::vector<std::string> fanotify_source::limits() const
{
	return {"fanotify keeps no events while nobody reads them: each start "
		"compares everything",
		"fanotify does not say where a directory was when it was "
		"renamed: it is sent again",
		"fanotify's queue is bounded by fs.fanotify.max_queued_events: "
		"when it is full, everything is compared"};
}

std::uint32_t fanotify_source::add_tree(int dirfd, const std::string &label,
					std::uint32_t mask)
{
	std::unique_ptr<tree> added;
	try {
		added = std::make_unique<tree>(dirfd, ++group_->last_watch,
					       mask, group_->waiting);
	} catch (const error &e) {
		throw error(e.code().value(), "fanotify cannot watch " + label +
						      ": " + e.sentence());
	}
	constexpr std::uint64_t asked = FAN_CREATE | FAN_DELETE | FAN_MODIFY |
					FAN_CLOSE_WRITE | FAN_ATTRIB |
					FAN_ONDIR;
	if (fanotify_mark(group_->fd.get(), FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
			  asked | group_->speaks->renames, dirfd, ".") < 0)
		refuse("watch " + label, errno);
	// What is watched again was mounted again, say.
	std::erase_if(group_->trees, [&](const auto &t) {
		return t->handles.path() == added->handles.path();
	});
	return group_->trees.emplace_back(std::move(added))->watch;
}

int fanotify_source::fd() const noexcept
{
	return group_->both.get();
}

dispatch_result fanotify_source::dispatch(const handler &each)
{
	dispatch_result result{.gone = group_->read_all()};
	group_->settle();
	for (const auto &t : group_->trees)
		if (std::string why = t->translator.lost(); !why.empty())
			result.lost = std::move(why);
	for (; !group_->waiting.empty(); result.records++) {
		event e = std::move(group_->waiting.front());
		group_->waiting.pop_front();
		e.seq = ++group_->last_seq;
		each(e);
	}
	return result;
}

void fanotify_source::ack(std::uint64_t) {}

} // namespace imon
