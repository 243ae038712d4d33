// SPDX-License-Identifier: GPL-2.0-or-later
//
// The subcommands that tell the daemon one thing.
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "../arguments.hpp"
#include "../command.hpp"
#include "../wording.hpp"
#include "standard_output.hpp"

namespace imon::mirror {

namespace {

int change(const arguments &args, const char *done)
{
	const auto answer = args.connect().ask(args.request);
	std::string text = done;
	if (const auto meant = answer.find("replicas"); meant != answer.end())
		text = count_of(meant->get<std::uint64_t>(), "replica") + ": " +
		       done;
	tools::print((args.json ? answer.dump() : text) + '\n');
	return yes;
}

action declare(CLI::App &app, const char *command, const char *done)
{
	auto args = std::make_shared<arguments>();
	args->request.command = command;
	add_common(app, *args);
	if (args->request.command != "reload")
		add_selection(app, *args);
	return [args, done] { return change(*args, done); };
}

} // namespace

action declare_flush(CLI::App &app)
{
	return declare(app, "flush", "tried again now");
}

action declare_pause(CLI::App &app)
{
	return declare(app, "pause", "paused, until: imon-mirror resume");
}

action declare_resume(CLI::App &app)
{
	return declare(app, "resume", "go on");
}

action declare_approve(CLI::App &app)
{
	return declare(app, "approve", "held deletions happen now");
}

action declare_reject(CLI::App &app)
{
	return declare(app, "reject", "held deletions are forgotten");
}

action declare_reload(CLI::App &app)
{
	return declare(app, "reload", "the configuration is in force");
}

} // namespace imon::mirror
