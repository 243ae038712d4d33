// SPDX-License-Identifier: GPL-2.0-or-later
#include "submounts.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>
#include <utility>

#include <imon/error.hpp>
#include <spdlog/spdlog.h>

#include "mounts.hpp"
#include "quote.hpp"

namespace imon::mirrord {

submounts::submounts(const source_tree &tree, source &events, bool follow,
		     submount_map known)
	: tree_(tree)
	, events_(events)
	, follow_(follow)
	, table_(open("/proc/self/mounts", O_RDONLY | O_CLOEXEC))
	, known_(follow ? std::move(known) : submount_map())
{
}

/// Opens the root of what is mounted there; none unless it is @p m.
static descriptor open_same(int root, const std::string &path,
			    const submount &m, int flags)
{
	descriptor fd(
		openat(root, path.c_str(), O_DIRECTORY | O_NOFOLLOW | flags));
	struct stat st {};
	if (!fd || fstat(fd.get(), &st) < 0 || st.st_dev != m.device ||
	    st.st_ino != m.inode)
		return {};
	return fd;
}

bool submounts::watch(int root, const std::string &path, submount &m)
{
	const descriptor fd(
		openat(root, path.c_str(),
		       O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
	struct stat st {};
	if (!fd || fstat(fd.get(), &st) < 0)
		return false;
	try {
		const std::string label = tree_.path() + '/' + path;
		m.watch = events_.add_tree(fd.get(),
					   label.substr(0, IMON_LABEL_MAX));
	} catch (const error &e) {
		if (std::exchange(refused_[path], e.sentence()) != e.sentence())
			spdlog::warn("{}: cannot be watched and stays out: {}",
				     quote(path), e.sentence());
		return false;
	}
	refused_.erase(path);
	former_.erase(m.watch);
	m.device = st.st_dev;
	m.inode = st.st_ino;
	return true;
}

/// What was unmounted here may be mounted elsewhere: then its watch goes on, and
/// would be in the way when it comes back.
/// @return whether there was one
bool submounts::unwatch(submount &m)
{
	const std::uint32_t watch = std::exchange(m.watch, 0);
	if (!watch)
		return false;
	former_.insert(watch);
	try {
		events_.remove(watch);
	} catch (const error &) {
		// It has ended with its filesystem.
	}
	return true;
}

std::vector<std::string> submounts::look(int root)
{
	std::vector<std::string> news;
	const auto found = mounts_below(tree_.path());
	const std::set<std::string> mounted(found.begin(), found.end());
	ignored_.clear();
	for (const std::string &path : mounted) {
		if (!follow_) {
			ignored_.push_back(path);
			continue;
		}
		submount &m = known_[path];
		if (m.watch && open_same(root, path, m, O_PATH | O_CLOEXEC))
			continue;
		unwatch(m);
		if (watch(root, path, m)) {
			spdlog::info("{}: is mounted and mirrored",
				     quote(path));
			news.push_back(path);
		}
	}
	for (auto &[path, m] : known_)
		if (!mounted.contains(path) && unwatch(m))
			spdlog::warn("{}: is not mounted any more; its files "
				     "stay on the replicas until it is again",
				     quote(path));
	return news;
}

void submounts::forget_watches()
{
	for (auto &[path, m] : known_)
		m.watch = 0;
}

bool submounts::place(event &e)
{
	const auto from =
		std::find_if(known_.begin(), known_.end(), [&e](const auto &m) {
			return m.second.watch && m.second.watch == e.watch;
		});
	if (from == known_.end())
		return !former_.contains(e.watch);
	if (e.mask & (IMON_EVENT_UNMOUNT | IMON_EVENT_ROOT_DELETED)) {
		unwatch(from->second);
		return false;
	}
	for (auto *path : {&e.path, &e.new_path})
		if (*path)
			*path = from->first +
				((*path)->empty() ? "" : '/' + **path);
	return true;
}

std::vector<std::string> submounts::hidden() const
{
	std::vector<std::string> patterns;
	for (const std::string &path : ignored_)
		patterns.push_back(hide_mount(path));
	for (const auto &[path, m] : known_)
		if (!m.watch)
			patterns.push_back(hide_mount(path));
	return patterns;
}

std::vector<descriptor> submounts::hold(int root)
{
	std::vector<descriptor> open;
	for (auto &[path, m] : known_) {
		if (!m.watch)
			continue;
		// Programs inherit it. O_PATH would not keep it mounted.
		descriptor fd = open_same(root, path, m, O_RDONLY);
		if (fd)
			open.push_back(std::move(fd));
		else
			unwatch(m);
	}
	return open;
}

std::vector<std::string> submounts::limits() const
{
	std::vector<std::string> all;
	for (const std::string &path : ignored_)
		all.push_back(quote(path) +
			      " is another filesystem and is left "
			      "out; --submounts follows it");
	for (const auto &[path, m] : known_) {
		if (m.watch)
			continue;
		const auto why = refused_.find(path);
		all.push_back(
			why == refused_.end()
				? quote(path) + " is not mounted; its files "
						"stay on the replicas as they "
						"are"
				: quote(path) + " is left out: " + why->second);
	}
	return all;
}

} // namespace imon::mirrord
