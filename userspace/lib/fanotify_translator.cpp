// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fanotify_translator.hpp"

#include <sys/fanotify.h>
#include <sys/stat.h>

#include <cstring>
#include <utility>

namespace imon {

using state = whereabouts::state;

// What was removed is remembered for files that are still open in it, within
// bounds: to forget it costs a scan.
static constexpr std::size_t removed_max = 100'000;

static constexpr std::uint64_t content =
	FAN_MODIFY | FAN_CLOSE_WRITE | FAN_ATTRIB;
static constexpr std::uint32_t whole_tree =
	IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE;

static std::uint32_t kinds_of(std::uint64_t said)
{
	static constexpr struct {
		std::uint64_t said;
		std::uint32_t kind;
	} all[] = {
		{FAN_CREATE, IMON_EVENT_CREATE},
		{FAN_DELETE, IMON_EVENT_DELETE},
		{FAN_MOVED_FROM | FAN_MOVED_TO | FAN_RENAME, IMON_EVENT_RENAME},
		{FAN_MODIFY, IMON_EVENT_MODIFY},
		{FAN_CLOSE_WRITE, IMON_EVENT_CLOSE_WRITE},
		{FAN_ATTRIB, IMON_EVENT_ATTRIB},
	};
	std::uint32_t kinds = 0;
	for (const auto &k : all)
		if (said & k.said)
			kinds |= k.kind;
	return kinds;
}

static std::uint32_t type_of(const fanotify_notice &n,
			     const whereabouts::object &what)
{
	if (n.mask & FAN_ONDIR)
		return S_IFDIR;
	return what.type && what.type != S_IFDIR ? what.type : S_IFREG;
}

void fanotify_translator::take_in(const fanotify_notice &n)
{
	if (!n.lost.empty())
		return lose(n.lost);
	if ((n.mask & FAN_DELETE) && (n.mask & FAN_ONDIR))
		removed_.insert(n.object);
	if (n.moved_to)
		renamed(n);
	else
		changed(n);
}

bool fanotify_translator::settle(clock::time_point now)
{
	std::erase_if(missing_, [&](const auto &item) {
		return removed_.contains(item.first);
	});
	bool late = false;
	for (auto &[handle, since] : missing_) {
		if (since == clock::time_point())
			since = now;
		late |= now - since >= patience;
	}
	if (late) {
		lose("a directory is gone, and fanotify did not say how");
		missing_.clear();
	}
	if (removed_.size() > removed_max)
		removed_.clear();
	return !missing_.empty();
}

void fanotify_translator::lose(const std::string &why)
{
	if (!std::exchange(lost_, why).empty())
		return; // and it was not looked at since
	tell_({.mask = whole_tree, .type = S_IFDIR, .path = ""});
}

std::string fanotify_translator::lost()
{
	return std::exchange(lost_, {});
}

whereabouts::place fanotify_translator::find(const handle_entry &entry)
{
	whereabouts::place at = tree_.directory(entry.directory);
	const bool itself = entry.name == ".";
	// What a rename replaces is not said to be deleted; but its attributes
	// change, as it has one link less.
	if (at.is == state::gone && itself)
		removed_.insert(entry.directory);
	else if (at.is == state::gone)
		missing_.try_emplace(entry.directory);
	if (at.is == state::unknown)
		lose("a directory's path cannot be found out: " +
		     std::string(std::strerror(at.error)));
	if (!itself && !at.path.empty() && !at.path.ends_with('/'))
		at.path += '/';
	if (!itself)
		at.path += entry.name;
	return at;
}

/// What was looked up while the way to the root was another is not to be trusted.
void fanotify_translator::look_above(const fanotify_notice &n,
				     const whereabouts::place &moved)
{
	if ((n.mask & FAN_ONDIR) && moved.is == state::outside &&
	    tree_.is_above(moved.path))
		lose("a directory above the tree was renamed");
}

void fanotify_translator::changed(const fanotify_notice &n)
{
	const whereabouts::place at =
		n.at ? find(*n.at) : whereabouts::place{state::gone};
	if (n.mask & FAN_MOVE)
		look_above(n, at);
	if (at.is == state::outside || at.is == state::unknown)
		return;
	if (n.mask & FAN_ONDIR)
		directory_changed(n, at);
	else
		file_changed(n, at);
}

void fanotify_translator::tell(const fanotify_notice &n,
			       const whereabouts::object &what,
			       std::uint32_t mask, const std::string &path)
{
	event e{.mask = mask, .type = type_of(n, what), .ino = what.inode};
	const bool came = (n.mask & FAN_MOVED_TO) && !(n.mask & FAN_MOVED_FROM);
	(came ? e.new_path : e.path) = path;
	tell_(e);
}

void fanotify_translator::directory_changed(const fanotify_notice &n,
					    const whereabouts::place &at)
{
	if (at.is != state::inside)
		return;
	const auto what = n.object.empty() ? whereabouts::object()
					   : tree_.look_at(n.object);
	// A subvolume may be created with all that is in it.
	const bool full =
		(n.mask & FAN_MOVED_TO) ||
		((n.mask & FAN_CREATE) && what.inode && !tree_.is_native(what));
	tell(n, what, kinds_of(n.mask) | (full ? whole_tree : 0), at.path);
}

void fanotify_translator::file_changed(const fanotify_notice &n,
				       const whereabouts::place &at)
{
	const auto what = n.object.empty() ? whereabouts::object{state::gone}
					   : tree_.look_at(n.object);
	if (what.is == state::unknown)
		return lose("a file cannot be found by its handle: " +
			    std::string(std::strerror(what.error)));
	const std::uint32_t names = what.links > 1 ? IMON_EVENT_MULTILINK : 0;
	if (at.is == state::inside)
		tell(n, what, kinds_of(n.mask) | names, at.path);
	if (!(n.mask & content) || !what.links ||
	    (at.is == state::inside && tree_.is_at(at.path, what)))
		return;
	// It has another name by now.
	const std::uint32_t kinds = kinds_of(n.mask & content);
	const fanotify_notice elsewhere{.mask = n.mask & content};
	const whereabouts::place now = tree_.file(n.object);
	if (now.is == state::inside)
		tell(elsewhere, what, kinds | names, now.path);
	else if (now.is == state::unknown || (n.at && names))
		tell(elsewhere, what, kinds | IMON_EVENT_MULTILINK, "");
}

void fanotify_translator::renamed(const fanotify_notice &n)
{
	const whereabouts::place from =
		n.at ? find(*n.at) : whereabouts::place{state::gone};
	const whereabouts::place to = find(*n.moved_to);
	look_above(n, from);
	look_above(n, to);
	const bool left = from.is == state::inside;
	const bool came = to.is == state::inside;
	if (!left && !came)
		return;
	const auto what = n.object.empty() ? whereabouts::object()
					   : tree_.look_at(n.object);
	event e{.mask = IMON_EVENT_RENAME,
		.type = type_of(n, what),
		.ino = what.inode};
	if (left)
		e.path = from.path;
	if (left && (n.mask & FAN_ONDIR)) {
		tell_(e);
		e.path.reset();
	}
	if (came)
		e.new_path = to.path;
	if (came && (n.mask & FAN_ONDIR))
		e.mask |= whole_tree;
	if (e.path || e.new_path)
		tell_(e);
}

} // namespace imon
