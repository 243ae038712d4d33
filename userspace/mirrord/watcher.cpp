// SPDX-License-Identifier: GPL-2.0-or-later
#include "watcher.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include <imon/admin.hpp>
#include <imon/error.hpp>
#include <imon/fanotify_source.hpp>
#include <imon/monitor.hpp>
#include <spdlog/spdlog.h>

#include "shell_word.hpp"

namespace imon::mirrord {

std::string monitor_name(const mirror_settings &m)
{
	return "mirrord:" + m.name;
}

std::string lend_command(const mirror_settings &m)
{
	return "imon create " + monitor_name(m) + " --mode state --user " +
	       std::to_string(getuid()) + ' ' + shell_word(m.root);
}

namespace {

std::string boot_id()
{
	std::string id;
	std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), id);
	return id;
}

/// Whether the monitor watches the tree, and nothing has ended that.
bool is_whole(admin &module, const monitor_info &monitor,
	      const source_tree &tree)
{
	const auto watches = module.watches();
	return std::any_of(watches.begin(), watches.end(),
			   [&](const watch_info &w) {
				   return w.monitor == monitor.id &&
					  w.scope == IMON_SCOPE_TREE &&
					  w.state == IMON_WATCH_STATE_ACTIVE &&
					  w.ino == tree.inode();
			   });
}

std::optional<monitor_info> find(admin &module, const std::string &name)
{
	for (monitor_info &m : module.monitors())
		if (m.name == name)
			return std::move(m);
	return std::nullopt;
}

std::unique_ptr<monitor> create(const mirror_settings &m)
{
	try {
		return monitor::create({.name = monitor_name(m),
					.mode = IMON_MODE_STATE,
					.window = m.window});
	} catch (const error &e) {
		if (e.code().value() != EPERM)
			throw;
		throw error(EPERM,
			    "only root may watch a tree, but can lend its "
			    "events to you: sudo " +
				    lend_command(m));
	}
}

std::unique_ptr<monitor> make(const mirror_settings &m, const source_tree &tree)
{
	auto events = create(m);
	const descriptor root = tree.open();
	events->add_tree(root.get(), tree.path().substr(0, IMON_LABEL_MAX));
	return events;
}

std::unique_ptr<monitor> attach(const mirror_settings &m)
{
	try {
		return monitor::attach(monitor_name(m));
	} catch (const error &e) {
		if (e.code().value() != EBUSY)
			throw;
		throw error(EBUSY, "another imon-mirrord keeps the mirror '" +
					   m.name +
					   "'; see 'imon-mirror status'");
	}
}

watched watch_with_imon(const mirror_settings &m, const source_tree &tree)
{
	admin module;
	watched w;
	auto there = find(module, monitor_name(m));
	if (there && there->reader)
		attach(m); // refuses
	if (there && !is_whole(module, *there, tree)) {
		module.remove(there->name);
		there.reset();
	}
	auto events = there ? attach(m) : make(m, tree);
	w.now = {boot_id(), std::to_string(events->instance()),
		 monitor_name(m) + " " + std::to_string(events->id()),
		 tree.identity_text()};
	w.fresh = !there;
	w.head = there ? there->head_seq : 0;
	w.events = std::move(events);
	return w;
}

watched watch_with_fanotify(const source_tree &tree)
{
	watched w;
	auto events = std::make_unique<fanotify_source>();
	const descriptor root = tree.open();
	events->add_tree(root.get(), tree.path());
	w.now = {boot_id(), epoch::no_module, events->name(),
		 tree.identity_text()};
	w.events = std::move(events);
	return w;
}

watched watch_somehow(const mirror_settings &m, const source_tree &tree)
{
	try {
		return watch_with_imon(m, tree);
	} catch (const error &e) {
		if (e.code().value() != ENODEV)
			throw;
		spdlog::warn("{}: {}; until then events come from fanotify, "
			     "see 'imon-mirror status'",
			     m.name, e.sentence());
	}
	return watch_with_fanotify(tree);
}

} // namespace

watched watch(const mirror_settings &m, const source_tree &tree)
{
	switch (m.events) {
	case back_end::imon:
		return watch_with_imon(m, tree);
	case back_end::fanotify:
		return watch_with_fanotify(tree);
	case back_end::any:
		break;
	}
	return watch_somehow(m, tree);
}

} // namespace imon::mirrord
