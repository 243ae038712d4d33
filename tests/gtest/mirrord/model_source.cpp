// SPDX-License-Identifier: GPL-2.0-or-later
#include "model_source.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace model {

source::source(std::uint_fast32_t seed, bool honest)
	: random_(seed)
	, honest_(honest)
	, root_(fresh(true))
{
}

node_ptr source::fresh(bool directory)
{
	auto n = std::make_shared<node>();
	n->directory = directory;
	n->ino = ino_++;
	n->content = directory ? 0 : ++content_;
	n->mtime = honest_ ? ++time_ : 1;
	return n;
}

/// In state mode an event joins an older record of its path, unless a
/// directory was renamed in between.
void source::say(std::uint32_t mask, const node_ptr &n,
		 std::optional<std::string> path,
		 std::optional<std::string> new_path)
{
	if (!n->directory && names_[n->ino] > 1)
		mask |= IMON_EVENT_MULTILINK;
	if (!new_path)
		for (imon::event &e : queue_)
			if (e.seq > renamed_ && e.path == path && !e.new_path &&
			    e.ino == n->ino) {
				e.mask |= mask;
				return;
			}
	queue_.push_back({.seq = ++seq_,
			  .watch = 1,
			  .mask = mask,
			  .type = static_cast<std::uint32_t>(
				  n->directory ? S_IFDIR : S_IFREG),
			  .ino = n->ino,
			  .path = std::move(path),
			  .new_path = std::move(new_path)});
	if (mask & IMON_EVENT_RENAME)
		renamed_ = seq_;
}

std::optional<imon::event> source::next()
{
	if (queue_.empty())
		return std::nullopt;
	imon::event e = queue_.front();
	queue_.pop_front();
	return e;
}

std::string source::some_path()
{
	const auto paths = list(root_);
	return paths.empty() ? ""
			     : paths[random(static_cast<std::uint_fast32_t>(
				       paths.size()))];
}

std::string source::some_directory()
{
	const std::string path = some_path();
	return find(root_, path)->directory ? path : above(path);
}

/// A name that may exist or not, in a directory that does. There are few of
/// them, so that old names come back.
std::string source::some_place()
{
	return join(some_directory(),
		    std::string(1, static_cast<char>('a' + random(4))));
}

void source::create(bool directory)
{
	const std::string path = some_place();
	auto &entry = find(root_, above(path))->entries[last(path)];
	if (entry)
		return;
	entry = fresh(directory);
	names_[entry->ino] = 1;
	say(IMON_EVENT_CREATE, entry, path);
}

void source::write()
{
	const std::string path = some_path();
	const node_ptr n = find(root_, path);
	if (n->directory)
		return;
	n->content = ++content_;
	n->mtime = honest_ ? ++time_ : 1;
	say(IMON_EVENT_MODIFY, n, path);
}

void source::link()
{
	const std::string path = some_path();
	const node_ptr n = find(root_, path);
	const std::string other = some_place();
	if (n->directory || find(root_, other))
		return;
	find(root_, above(other))->entries[last(other)] = n;
	names_[n->ino]++;
	say(IMON_EVENT_CREATE | IMON_EVENT_LINK, n, other);
}

void source::remove(const std::string &path)
{
	const node_ptr n = find(root_, path);
	if (path.empty() || !n)
		return;
	while (!n->entries.empty())
		remove(join(path, n->entries.begin()->first));
	find(root_, above(path))->entries.erase(last(path));
	names_[n->ino]--;
	say(IMON_EVENT_DELETE | IMON_EVENT_ATTRIB, n, path);
}

static bool within(const std::string &outer, const std::string &inner)
{
	return outer.empty() || inner == outer ||
	       inner.starts_with(outer + '/');
}

void source::rename()
{
	const std::string from = some_path(), to = some_place();
	const node_ptr n = find(root_, from), target = find(root_, to);
	if (from.empty() || within(from, to) || n == target)
		return;
	if (target &&
	    (target->directory != n->directory || !target->entries.empty()))
		return;
	if (target && --names_[target->ino] > 0)
		say(IMON_EVENT_ATTRIB, target, to);
	find(root_, above(from))->entries.erase(last(from));
	find(root_, above(to))->entries[last(to)] = n;
	say(IMON_EVENT_RENAME, n, from, to);
}

void source::exchange()
{
	const std::string a = some_path(), b = some_path();
	if (within(a, b) || within(b, a))
		return;
	node_ptr &one = find(root_, above(a))->entries[last(a)];
	node_ptr &other = find(root_, above(b))->entries[last(b)];
	std::swap(one, other);
	say(IMON_EVENT_RENAME, other, a, b);
	say(IMON_EVENT_RENAME, one, b, a);
}

void source::move_in()
{
	const std::string to = some_place();
	if (find(root_, to))
		return;
	const node_ptr n = fresh(true);
	for (const char *name : {"a", "b"}) {
		const node_ptr child = n->entries[name] = fresh(false);
		names_[child->ino] = 1;
	}
	find(root_, above(to))->entries[last(to)] = n;
	say(IMON_EVENT_RENAME | IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE, n, {},
	    to);
}

void source::move_out()
{
	const std::string from = some_path();
	const node_ptr n = find(root_, from);
	if (from.empty())
		return;
	find(root_, above(from))->entries.erase(last(from));
	say(IMON_EVENT_RENAME, n, from);
}

/// As the queue does when it is full.
void source::give_up_details()
{
	queue_.clear();
	say(IMON_EVENT_DIRTY | IMON_EVENT_RECURSIVE, root_, "");
}

void source::change()
{
	if (resting_)
		return;
	switch (random(16)) {
	case 0:
	case 1:
	case 2:
		return create(true);
	case 3:
	case 4:
	case 5:
		return create(false);
	case 6:
	case 7:
	case 8:
		return write();
	case 9:
		return link();
	case 10:
		return remove(some_path());
	case 11:
	case 12:
		return rename();
	case 13:
		return exchange();
	case 14:
		return random(2) ? move_in() : move_out();
	default:
		return honest_ && random(8) == 0 ? give_up_details() : write();
	}
}

} // namespace model
