// SPDX-License-Identifier: GPL-2.0-or-later
#include "options.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <imon/error.hpp>

#include "instance.hpp"
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

/// What is given, before it is put together.
struct arguments {
	mirror_settings mirror;
	replica_settings replica;
	std::vector<std::string> to, excludes;
	int window = 5;
	bool verbose = false;
};

static void add_options(CLI::App &app, arguments &o)
{
	app.set_version_flag("--version", IMON_VERSION);
	app.add_option("DIR", o.mirror.root, "Directory to mirror")->required();
	app.add_option("--to", o.to,
		       "A replica; may be repeated:\n"
		       "  host                          same path, over ssh\n"
		       "  host:/path                    over ssh\n"
		       "  rsync://host[:port]/module[/path]\n"
		       "  host::module[/path]           from an rsync daemon\n"
		       "  /path                         on this machine")
		->required()
		->allow_extra_args(false);
	app.add_option("--rsh", o.replica.rsh,
		       "Remote shell with its options, one argument")
		->capture_default_str();
	app.add_option("--rsync", o.replica.rsync, "The rsync to run")
		->capture_default_str();
	app.add_option("--rsync-option", o.replica.rsync_options,
		       "One more option for every rsync; may be repeated")
		->allow_extra_args(false);
	app.add_option(
		   "--exclude", o.excludes,
		   "Pattern of names to leave out, as rsync's; may be repeated")
		->allow_extra_args(false);
	app.add_option("--window", o.window,
		       "Milliseconds in which changes are gathered under load")
		->capture_default_str()
		->check(CLI::Range(0, 60'000));
	app.add_option("--max-delete", o.mirror.guard.deletions,
		       "More deletions in a minute are held; 0: none are");
	app.add_option("--max-delete-percent", o.mirror.guard.percent,
		       "Likewise, of what the tree holds")
		->check(CLI::Range(0, 100));
	app.add_flag("-v,--verbose", o.verbose, "Tell of every batch");
}

settings parse_options(int argc, char **argv)
{
	arguments o;
	CLI::App app("Keeps replicas of a live directory tree identical.",
		     "imon-mirrord");
	add_options(app, o);
	try {
		app.parse(argc, argv);
	} catch (const CLI::ParseError &e) {
		std::exit(app.exit(e) == 0 ? 0 : exit_usage);
	}
	mirror_settings &m = o.mirror;
	m.window = std::chrono::milliseconds(o.window);
	m.root = absolute_path(m.root);
	m.name = default_name(m.root);
	// It will be run from inside the source.
	if (o.replica.rsync.find('/') != std::string::npos)
		o.replica.rsync = absolute_path(o.replica.rsync);
	for (const std::string &pattern : o.excludes)
		o.replica.filters.push_back("- " + pattern);
	for (const std::string &text : o.to) {
		replica_settings r = o.replica;
		r.where = parse_destination(text, m.root);
		check_apart(m.root, r.where);
		const auto same = [&r](const replica_settings &other) {
			return other.where == r.where;
		};
		if (std::any_of(m.replicas.begin(), m.replicas.end(), same))
			throw error(EINVAL,
				    "'" + text +
					    "' is given twice; drop one --to");
		m.replicas.push_back(std::move(r));
	}
	settings all;
	all.verbose = o.verbose;
	all.mirrors.push_back(std::move(m));
	complete(all);
	return all;
}

} // namespace imon::mirrord
