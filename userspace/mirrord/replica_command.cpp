// SPDX-License-Identifier: GPL-2.0-or-later
//
// What is run for each step of a replica's batch.
#include "apply_command.hpp"
#include "op_list.hpp"
#include "replica.hpp"

namespace imon::mirrord {

rsync_mode replica::mode() const
{
	rsync_mode m;
	m.mounts = mounts_;
	m.links = !links_.empty();
	m.make_path = mirror_.create_root;
	switch (step_) {
	case step::counting:
		m.why = rsync_mode::purpose::count;
		break;
	case step::looking:
		m.why = rsync_mode::purpose::look;
		break;
	default:
		m.why = auditing_ ? rsync_mode::purpose::audit
				  : rsync_mode::purpose::send;
		m.progress = progressed_ && is_whole();
		if (how_.trash.count() && !where_.initial)
			m.trash = trash_path(std::chrono::system_clock::now());
	}
	return m;
}

std::vector<std::string> replica::hook(const std::vector<std::string> &program,
				       int status) const
{
	std::vector<std::string> argv = {"env", "IMON_MIRROR=" + mirror_.name,
					 "IMON_REPLICA=" + name()};
	if (status >= 0)
		argv.push_back("IMON_STATUS=" + std::to_string(status));
	argv.insert(argv.end(), program.begin(), program.end());
	return argv;
}

std::vector<std::string> replica::command() const
{
	switch (step_) {
	case step::probing:
	case step::renaming:
	case step::expiring:
		return apply_command(how_);
	case step::asking:
		return exclusions_.question().command();
	case step::before:
		return hook(mirror_.hooks.before, -1);
	case step::after:
		return hook(mirror_.hooks.after, last_exit_.value_or(0));
	case step::looking:
		return rsync_command(how_, whole_tree(), mode());
	default:
		break;
	}
	auto argv = rsync_command(how_, work_.running(), mode());
	if (step_ == step::trying)
		argv.insert(argv.begin() + 1, delete_nothing);
	if (auditing_)
		argv.insert(argv.begin(), {"nice", "-n", "19"});
	return argv;
}

const tasks &replica::whole_tree()
{
	static const tasks all = {{"", {.tree = true, .content = true}}};
	return all;
}

} // namespace imon::mirrord
