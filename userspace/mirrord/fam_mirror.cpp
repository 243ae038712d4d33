// SPDX-License-Identifier: GPL-2.0-or-later
#include "fam_mirror.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <sstream>

#include "command_line.hpp"
#include "instance.hpp"
#include "setting_values.hpp"

namespace imon::mirrord {

namespace {

/// As Perl takes a variable for true.
bool is_set(const char *variable)
{
	const char *value = std::getenv(variable);
	return value && *value && std::string(value) != "0";
}

/// Words between spaces and commas.
std::vector<std::string> words_of(std::string text)
{
	std::replace(text.begin(), text.end(), ',', ' ');
	std::istringstream in(text);
	return {std::istream_iterator<std::string>(in), {}};
}

[[noreturn]] void refuse(const CLI::App &app)
{
	std::cerr << app.help();
	std::exit(2);
}

} // namespace

settings parse_fam_mirror(int argc, char **argv)
{
	CLI::App app("Mirrors directories to the same paths on other hosts.",
		     "fam_mirror");
	std::vector<std::string> directories;
	std::string hosts;
	replica_settings r;
	r.rsh += " -l root";
	app.set_version_flag("--version", IMON_VERSION);
	app.add_option("dir", directories, "Directories to mirror")
		->check(CLI::ExistingDirectory);
	app.add_option("--replica-hosts", hosts,
		       "The hosts, as in web2,web3; may also be in the "
		       "environment")
		->envname("REPLICA_HOSTS");
	app.add_option("--rsh", r.rsh, "Remote shell with its options")
		->capture_default_str();
	app.add_option_function<std::string>("--rsync", program_to(r.rsync),
					     "The rsync to run");
	app.footer("Environment, set to 1:\n"
		   "  CREATE_DIRS  make the directories on the hosts first\n"
		   "  INIT_MIRROR  mirror everything first\n"
		   "  DEBUG        tell of every batch");
	try {
		app.parse(argc, argv);
	} catch (const CLI::Success &e) {
		std::exit(app.exit(e));
	} catch (const CLI::ParseError &e) {
		std::cerr << e.what() << '\n';
		refuse(app);
	}
	if (directories.empty() || words_of(hosts).empty())
		refuse(app);
	mirror_settings m;
	m.initial_sync = is_set("INIT_MIRROR");
	m.create_root = is_set("CREATE_DIRS");
	settings all;
	all.verbose = is_set("DEBUG");
	add_mirrors(all, directories, m, words_of(hosts), r);
	complete(all);
	return all;
}

} // namespace imon::mirrord
