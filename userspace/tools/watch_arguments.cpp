// SPDX-License-Identifier: GPL-2.0-or-later
#include "watch_arguments.hpp"

#include <CLI/CLI.hpp>

#include "kinds.hpp"
#include "word_option.hpp"

namespace imon::tools {

CLI::Option *watch_arguments::declare(CLI::App &app)
{
	add_word_option(
		app, "--scope", "SCOPE",
		"How far to look: \"tree\", a directory and all below "
		"it (the default); \"dir\", a directory and the names "
		"in it; \"inode\", one file of any type",
		[this](const std::string &word) { scope = scope_of(word); });
	add_word_option(
		app, "--mask", "LIST",
		"Kinds of events, as create,delete,rename (default: "
		"all but exec and exit)",
		[this](const std::string &word) { mask = mask_of(word); });
	app.add_option("--exclude", excludes,
		       "Leave out what happens below this directory of a tree; "
		       "may be given more than once")
		->type_name("DIR")
		->allow_extra_args(false);
	return app.add_option("PATH", paths, "What to watch");
}

void watch_arguments::check() const
{
	if (!excludes.empty() && scope != IMON_SCOPE_TREE)
		throw CLI::ValidationError(
			"--exclude",
			"only trees have something to leave out; do without "
			"--scope, or without --exclude");
}

} // namespace imon::tools
