// SPDX-License-Identifier: GPL-2.0-or-later
#include "arguments.hpp"

#include <CLI/CLI.hpp>

#include "daemon_socket.hpp"

namespace imon::mirror {

daemon_link arguments::connect() const
{
	return daemon_link(socket.empty() ? find_daemon_socket(instance)
					  : socket);
}

void add_common(CLI::App &app, arguments &args)
{
	auto *const instance =
		app.add_option("-i,--instance", args.instance,
			       "The daemon to ask (default: the only one)");
	app.add_option("--socket", args.socket, "Its socket, wherever it is")
		->excludes(instance);
	app.add_flag("--json", args.json, "Print JSON");
}

void add_selection(CLI::App &app, arguments &args)
{
	app.add_option("-m,--mirror", args.request.which.mirror,
		       "Only of this mirror (default: all)");
	app.add_option("-r,--replica", args.request.which.replica,
		       "Only this replica (default: all)");
}

} // namespace imon::mirror
