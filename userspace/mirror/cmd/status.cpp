// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "../arguments.hpp"
#include "../command.hpp"
#include "../status_text.hpp"
#include "report_json.hpp"
#include "standard_output.hpp"

namespace imon::mirror {

namespace {

int show(const arguments &args, const nlohmann::ordered_json &answer)
{
	const auto mirrors = mirrord::mirrors_of(answer.at("mirrors"));
	// Who follows gets an answer a line.
	if (args.json)
		tools::print(answer.dump(args.request.follow ? -1 : 2) + '\n');
	else
		tools::print(
			status_text(mirrors, std::chrono::system_clock::now()));
	tools::flush();
	return needs_somebody(mirrors) ? no : yes;
}

int status(const arguments &args)
{
	constexpr const char *clear_screen = "\033[H\033[J";
	const bool redraw =
		args.request.follow && !args.json && isatty(STDOUT_FILENO);
	daemon_link daemon = args.connect();
	auto answer = daemon.ask(args.request);
	while (true) {
		if (redraw)
			tools::print(clear_screen);
		const int code = show(args, answer);
		if (!args.request.follow)
			return code;
		answer = *daemon.next();
		if (!redraw && !args.json)
			tools::print("\n");
	}
}

} // namespace

action declare_status(CLI::App &app)
{
	auto args = std::make_shared<arguments>();
	args->request.command = "status";
	add_common(app, *args);
	add_selection(app, *args);
	app.add_flag("-f,--follow", args->request.follow,
		     "Show it again whenever it changes");
	return [args] { return status(*args); };
}

} // namespace imon::mirror
