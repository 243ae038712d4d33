// SPDX-License-Identifier: GPL-2.0-or-later
#include "source.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <imon/admin.hpp>
#include <imon/error.hpp>

#include "descriptor.hpp"
#include "file_name.hpp"
#include "survey.hpp"
#include "watcher.hpp"

namespace imon::mirror {

static finding look_at_root(const mirrord::mirror_settings &m)
{
	const std::string root = tools::quoted_name(m.root);
	finding f{.about = m.name, .what = root + " can be read"};
	const mirrord::descriptor fd(
		open(m.root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	if (!fd || faccessat(fd.get(), ".", R_OK | X_OK, AT_EACCESS) < 0)
		return {verdict::fail, f.about,
			root + " cannot be read: " + std::strerror(errno),
			"see: ls -ld " + root};
	if (mirrord::is_empty(fd.get()))
		return {verdict::warn, f.about,
			root + " is empty; imon-mirrord halts when its "
			       "replicas are not",
			"see whether a mount is missing: findmnt -T " + root};
	return f;
}

/// Trees are watched by root, and by whom root has lent a monitor.
static finding look_for_monitor(const mirrord::mirror_settings &m)
{
	const std::string name = mirrord::monitor_name(m);
	finding f{.about = m.name + ": monitor"};
	try {
		for (const monitor_info &there : admin().monitors())
			if (there.name == name && there.uid == getuid()) {
				f.what = "its monitor may be read";
				return f;
			}
		f.what = "no monitor is made for this user";
	} catch (const error &e) {
		f.what = e.sentence();
	}
	f.how = verdict::fail;
	f.mend = "sudo " + mirrord::lend_command(m);
	return f;
}

findings examine_source(const mirrord::mirror_settings &m)
{
	findings all = {look_at_root(m)};
	if (geteuid() != 0)
		all.push_back(look_for_monitor(m));
	return all;
}

} // namespace imon::mirror
