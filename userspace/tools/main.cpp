// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include <imon/error.hpp>

#include "command.hpp"

namespace {

using namespace imon::tools;

constexpr subcommand commands[] = {
	{"watch",
	 "Print what changes in trees, directories or files, as it happens",
	 declare_watch},
	{"create", "Make a named monitor that collects without a reader",
	 declare_create},
	{"delete", "Remove a named monitor with all it has collected",
	 declare_delete},
	{"add", "Let a named monitor watch more", declare_add},
	{"remove", "Let a named monitor watch less", declare_remove},
	{"exclude", "Leave directories out of the trees of a named monitor",
	 declare_exclude},
	{"include", "Take back what exclude did", declare_include},
	{"list", "List the monitors and what they watch", declare_list},
	{"stat", "Show the counters of the module and its monitors",
	 declare_stat},
};

int fail(const char *sentence)
{
	std::fprintf(stderr, "imon: %s\n", sentence);
	return failure;
}

int run(int argc, char **argv)
{
	CLI::App app{"Watch whole directory trees with the imon kernel module"};
	app.name("imon");
	app.set_version_flag("--version", "imon " IMON_VERSION);
	app.footer(
		"Exit codes: 0 success, 1 failure, 2 wrong usage. See imon(8).");
	return run_subcommand(app, commands, argc, argv);
}

} // namespace

int main(int argc, char **argv)
{
	try {
		return run(argc, argv);
	} catch (const imon::error &e) {
		return fail(e.sentence().c_str());
	} catch (const std::exception &e) {
		return fail(e.what());
	}
}
