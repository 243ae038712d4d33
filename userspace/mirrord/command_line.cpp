// SPDX-License-Identifier: GPL-2.0-or-later
#include "command_line.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <imon/error.hpp>

#include "absolute_path.hpp"
#include "config.hpp"
#include "contradictions.hpp"
#include "fam_mirror.hpp"
#include "instance.hpp"
#include "quote.hpp"
#include "rsync_arguments.hpp"
#include "setting_values.hpp"
#include "settings_text.hpp"

namespace imon::mirrord {

const char *const default_config = "/etc/imon/mirrord.toml";

namespace {

constexpr int exit_usage = 2;

/// What is given, before it is put together.
struct arguments {
	std::vector<std::string> directories, to;
	std::string config;
	settings globals;
	mirror_settings mirror;	  ///< what each of the mirrors gets
	replica_settings replica; ///< what each of the replicas gets
	bool check = false, json = false;
	/// Those that a configuration has keys for instead.
	std::vector<const CLI::Option *> of_mirrors;
};

/// An option whose value is understood as soon as it is read, so that several
/// can have an order.
CLI::Option *add(CLI::App &app, const char *name, taker take, const char *type,
		 const char *what)
{
	return app
		.add_option_function<std::string>(name, std::move(take), what)
		->type_name(type)
		->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
		->trigger_on_parse();
}

taker absolute_to(std::string &path)
{
	return [&path](const std::string &text) { path = absolute_path(text); };
}

void add_places(CLI::App &app, arguments &a)
{
	app.add_option("DIR", a.directories, "Directories to mirror");
	a.of_mirrors.push_back(
		app.add_option(
			   "--to", a.to,
			   "A replica; may be repeated:\n"
			   "  host                          same path, over ssh\n"
			   "  host:/path                    over ssh\n"
			   "  rsync://host[:port]/module[/path]\n"
			   "  host::module[/path]           from an rsync daemon\n"
			   "  /path                         on this machine")
			->allow_extra_args(false));
	app.add_option("--config", a.config,
		       std::string("The configuration; without DIR ") +
			       default_config)
		->type_name("FILE");
}

void add_globals(CLI::App &app, arguments &a)
{
	app.set_version_flag("--version", IMON_VERSION);
	add(app, "--instance", name_to(a.globals.instance), "NAME",
	    "What imon-mirror calls this daemon");
	add(app, "--state", absolute_to(a.globals.state_directory), "DIR",
	    "Where journals are kept");
	add(app, "--socket", absolute_to(a.globals.control_socket), "FILE",
	    "Where imon-mirror asks");
	add(app, "--metrics", metrics_to(a.globals.metrics), "ADDRESS:PORT",
	    "Where Prometheus asks");
	app.add_flag("--check", a.check,
		     "Print what would be in force, and exit");
	app.add_flag("--json", a.json, "Print it as JSON")->needs("--check");
	app.add_flag("--dry-run", a.globals.dry_run,
		     "Print what would be sent, and exit");
	app.add_flag("-v,--verbose", a.globals.verbose, "Tell of every batch");
}

/// Options of rsync, and of how it is run.
void add_replica_options(CLI::App &app, arguments &a)
{
	replica_settings &r = a.replica;
	const taker rsync = program_to(r.rsync);
	a.of_mirrors.insert(
		a.of_mirrors.end(),
		{add(
			 app, "--rsh",
			 [&r](const std::string &text) { r.rsh = text; }, "CMD",
			 "Remote shell with its options, one argument"),
		 add(
			 app, "--rsync",
			 [rsync](const std::string &text) {
				 rsync(text.find('/') == std::string::npos
					       ? text
					       : absolute_path(text));
			 },
			 "PROGRAM", "The rsync to run"),
		 add(
			 app, "--rsync-option",
			 [&r](const std::string &text) {
				 check_rsync_option(text);
				 r.rsync_options.push_back(text);
			 },
			 "OPTION",
			 "One more option for every rsync; may be repeated"),
		 add(
			 app, "--filter",
			 [&r](const std::string &text) {
				 check_filter(text);
				 r.filters.push_back(text);
			 },
			 "RULE", "A filter rule of rsync; may be repeated"),
		 add(
			 app, "--exclude",
			 [&r](const std::string &text) {
				 r.filters.push_back("- " + text);
			 },
			 "PATTERN",
			 "Names to leave out, as rsync's; may be repeated"),
		 add(app, "--bandwidth", rate_to(r.bandwidth), "RATE",
		     "Limit for each rsync, as in 10M bytes a second"),
		 add(app, "--trash", seconds_to(r.trash), "TIME",
		     "How long replicas keep what is deleted, as in 7d"),
		 add(
			 app, "--apply",
			 [&r](const std::string &text) { r.apply = text; },
			 "PROGRAM",
			 "What renames on the replicas; empty: nothing")});
}

void add_mirror_options(CLI::App &app, arguments &a)
{
	mirror_settings &m = a.mirror;
	const taker window = window_to(m.window);
	a.of_mirrors.insert(
		a.of_mirrors.end(),
		{add(
			 app, "--window",
			 [window](const std::string &text) {
				 // Milliseconds need no unit here.
				 window(text.find_first_not_of("0123456789") ==
							std::string::npos
						? text + "ms"
						: text);
			 },
			 "TIME",
			 "In which changes are gathered under load, as in 5ms"),
		 add(app, "--events", back_end_to(m.events), "NAME",
		     "What tells of changes: auto, imon, fanotify"),
		 add(app, "--verify-every", seconds_to(m.verify.every), "TIME",
		     "How often all is compared by content, as in 7d"),
		 app.add_option("--max-delete", m.guard.deletions,
				"More deletions in a minute are held; 0: none")
			 ->type_name("NUMBER"),
		 app.add_option("--max-delete-percent", m.guard.percent,
				"Likewise, of what the tree held; 0: none")
			 ->type_name("NUMBER")
			 ->check(CLI::Range(0, 100)),
		 app.add_flag("--submounts", m.submounts,
			      "Follow what is mounted inside"),
		 app.add_flag("--create-dirs", m.create_root,
			      "Make what is missing of a replica's path"),
		 app.add_flag("--no-initial-sync{false}", m.initial_sync,
			      "Take new replicas for identical")});
}

[[noreturn]] void refuse(const std::string &sentence)
{
	throw error(EINVAL, sentence);
}

settings of_directories(const arguments &a)
{
	if (a.to.empty())
		refuse("say with --to where the replicas of " +
		       quote(a.directories.front()) +
		       " are; see 'imon-mirrord --help'");
	settings all = a.globals;
	add_mirrors(all, a.directories, a.mirror, a.to, a.replica);
	return all;
}

settings of_config(const arguments &a)
{
	std::string file = a.config;
	if (file.empty()) {
		file = default_config;
		if (!std::filesystem::exists(file))
			refuse("no directory is given, and there is no " +
			       file + "; see 'imon-mirrord --help'");
	}
	for (const CLI::Option *option : a.of_mirrors)
		if (option->count() > 0)
			refuse(option->get_name() +
			       " is for directories of the command line; "
			       "write it into " +
			       quote(file) + ", see mirrord.toml(5)");
	file = absolute_path(file);
	settings all = read_config(file);
	const settings &given = a.globals;
	if (!given.instance.empty())
		all.instance = given.instance;
	if (!given.state_directory.empty())
		all.state_directory = given.state_directory;
	if (!given.control_socket.empty())
		all.control_socket = given.control_socket;
	if (given.metrics)
		all.metrics = given.metrics;
	all.verbose = all.verbose || given.verbose;
	all.dry_run = given.dry_run;
	return all;
}

} // namespace

void add_mirrors(settings &all, const std::vector<std::string> &directories,
		 const mirror_settings &like,
		 const std::vector<std::string> &to,
		 const replica_settings &how)
{
	for (const std::string &directory : directories) {
		mirror_settings m = like;
		m.root = absolute_path(directory);
		m.name = default_name(m.root);
		for (const std::string &text : to) {
			m.replicas.push_back(how);
			m.replicas.back().where =
				parse_destination(text, m.root);
		}
		all.mirrors.push_back(std::move(m));
	}
	std::string wrong;
	for (const contradiction &c : contradictions(all))
		wrong += (wrong.empty() ? "" : "\n") + c.sentence;
	if (!wrong.empty())
		refuse(wrong);
}

settings parse_command_line(int argc, char **argv)
{
	if (std::filesystem::path(argv[0]).filename() == "fam_mirror")
		return parse_fam_mirror(argc, argv);
	arguments a;
	CLI::App app("Keeps replicas of live directory trees identical.",
		     "imon-mirrord");
	add_places(app, a);
	add_replica_options(app, a);
	add_mirror_options(app, a);
	add_globals(app, a);
	try {
		app.parse(argc, argv);
	} catch (const CLI::ParseError &e) {
		std::exit(app.exit(e) == 0 ? 0 : exit_usage);
	}
	if (!a.directories.empty() && !a.config.empty())
		refuse("give either directories or --config");
	settings all = a.directories.empty() ? of_config(a) : of_directories(a);
	complete(all);
	if (a.check) {
		std::cout << (a.json ? as_json_text(all) : as_toml(all));
		std::exit(0);
	}
	return all;
}

} // namespace imon::mirrord
