// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <imon/error.hpp>

#include "quote.hpp"

namespace imon::mirrord {

namespace fs = std::filesystem;

static constexpr int exit_usage = 2;

static std::string absolute_path(const std::string &path)
{
	std::string text = fs::absolute(path).lexically_normal().string();
	while (text.size() > 1 && text.back() == '/')
		text.pop_back();
	return text;
}

static bool contains(const fs::path &outer, const fs::path &inner)
{
	return std::mismatch(outer.begin(), outer.end(), inner.begin(),
			     inner.end())
		       .first == outer.end();
}

/// A replica inside of its source would be mirrored into itself for ever.
static void check_apart(const std::string &root, const destination &replica)
{
	if (replica.by != destination::way::local)
		return;
	std::error_code ignored;
	const fs::path from = fs::weakly_canonical(root, ignored);
	const fs::path to =
		fs::weakly_canonical(absolute_path(replica.target), ignored);
	if (contains(from, to) || contains(to, from))
		throw error(
			EINVAL,
			quote(root) + " and its replica " +
				quote(replica.name) +
				" lie within each other; give a --to outside of it");
}

static void add_options(CLI::App &app, options &o, std::vector<std::string> &to,
			int &window)
{
	app.set_version_flag("--version", IMON_VERSION);
	app.add_option("DIR", o.root, "Directory to mirror")->required();
	app.add_option("--to", to,
		       "A replica; may be repeated:\n"
		       "  host                          same path, over ssh\n"
		       "  host:/path                    over ssh\n"
		       "  rsync://host[:port]/module[/path]\n"
		       "  host::module[/path]           from an rsync daemon\n"
		       "  /path                         on this machine")
		->required()
		->allow_extra_args(false);
	app.add_option("--rsh", o.rsh,
		       "Remote shell with its options, one argument")
		->capture_default_str();
	app.add_option("--rsync", o.rsync, "The rsync to run")
		->capture_default_str();
	app.add_option("--rsync-option", o.rsync_options,
		       "One more option for every rsync; may be repeated")
		->allow_extra_args(false);
	app.add_option(
		   "--exclude", o.excludes,
		   "Pattern of names to leave out, as rsync's; may be repeated")
		->allow_extra_args(false);
	app.add_option("--window", window,
		       "Milliseconds in which changes are gathered under load")
		->capture_default_str()
		->check(CLI::Range(0, 60'000));
	app.add_flag("-v,--verbose", o.verbose, "Tell of every batch");
}

options parse_options(int argc, char **argv)
{
	options o;
	std::vector<std::string> to;
	int window = static_cast<int>(o.window.count());
	CLI::App app("Keeps replicas of a live directory tree identical.",
		     "imon-mirrord");
	add_options(app, o, to, window);
	try {
		app.parse(argc, argv);
	} catch (const CLI::ParseError &e) {
		std::exit(app.exit(e) == 0 ? 0 : exit_usage);
	}
	o.window = std::chrono::milliseconds(window);
	o.root = absolute_path(o.root);
	// It will be run from inside the source.
	if (o.rsync.find('/') != std::string::npos)
		o.rsync = absolute_path(o.rsync);
	for (const std::string &text : to) {
		destination d = parse_destination(text, o.root);
		check_apart(o.root, d);
		if (std::find(o.replicas.begin(), o.replicas.end(), d) !=
		    o.replicas.end())
			throw error(EINVAL,
				    "'" + text +
					    "' is given twice; drop one --to");
		o.replicas.push_back(std::move(d));
	}
	return o;
}

} // namespace imon::mirrord
