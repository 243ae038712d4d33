// SPDX-License-Identifier: GPL-2.0-or-later
#include "config.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include <imon/error.hpp>

#include "sandbox.hpp"
#include "settings_text.hpp"

using namespace imon::mirrord;
using namespace std::chrono_literals;

namespace {

settings read(const std::string &text)
{
	return parse_config(text, "m.toml");
}

/// What is said about a mistaken configuration.
std::string refusal(const std::string &text)
{
	try {
		read(text);
	} catch (const imon::error &e) {
		return e.sentence();
	}
	return "accepted";
}

/// The same for a mirror with this in it.
std::string refusal_of(const std::string &line)
{
	return refusal("[[mirror]]\nroot = '/srv'\n" + line +
		       "\n[[mirror.replica]]\nto = 'web2'\n");
}

TEST(config, of_one_mirror_has_the_defaults)
{
	const settings all = read("[[mirror]]\nroot = '/var/www/'\n"
				  "[[mirror.replica]]\nto = 'web2'\n");
	mirror_settings m;
	m.name = "var-www";
	m.root = "/var/www";
	m.replicas = {{}};
	m.replicas[0].where = {destination::way::shell, "web2",
			       "web2:/var/www/"};
	EXPECT_EQ(all.mirrors, std::vector{m});
	EXPECT_EQ(all.configuration, "m.toml");
	EXPECT_EQ(all.instance, "");
	EXPECT_EQ(all.state_directory, "");
	EXPECT_FALSE(all.metrics);
	EXPECT_FALSE(all.verbose);
}

constexpr const char *everything = R"(
instance = "farm"
state = "/srv/state"
socket = "/run/farm.sock"
metrics = "localhost:9641"
verbose = true
[[mirror]]
name = "www"
root = "/var/www"
window = "20ms"
events = "imon"
initial-sync = false
create-root = true
submounts = true
[mirror.guard]
deletions = 500
percent = 5
window = "10m"
[mirror.verify]
every = "1w"
heal = false
[mirror.hooks]
before = ["/usr/bin/lock", "a b"]
after = ["reload"]
[[mirror.replica]]
to = "rsync://web3/www"
rsync = "/opt/rsync"
rsh = "ssh -p 22"
rsync-options = ["--no-acls"]
filters = ["- *.swp", "+ /keep"]
bandwidth = "10M"
trash = "7d"
apply = ""
)";

TEST(config, has_a_key_for_every_setting)
{
	const settings all = read(everything);
	mirror_settings m;
	m.name = "www";
	m.root = "/var/www";
	m.window = 20ms;
	m.events = back_end::imon;
	m.initial_sync = false;
	m.create_root = m.submounts = true;
	m.guard = {500, 5, 600s};
	m.verify = {7 * 24h, false};
	m.hooks = {{"/usr/bin/lock", "a b"}, {"reload"}};
	m.replicas = {{.where = {destination::way::rsyncd, "rsync://web3/www",
				 "rsync://web3/www/"},
		       .rsync = "/opt/rsync",
		       .rsh = "ssh -p 22",
		       .rsync_options = {"--no-acls"},
		       .filters = {"- *.swp", "+ /keep"},
		       .bandwidth = 10240,
		       .trash = 7 * 24h,
		       .apply = ""}};
	EXPECT_EQ(all.mirrors, std::vector{m});
	EXPECT_EQ(all.instance, "farm");
	EXPECT_EQ(all.state_directory, "/srv/state");
	EXPECT_EQ(all.control_socket, "/run/farm.sock");
	EXPECT_EQ(all.metrics, "localhost:9641");
	EXPECT_TRUE(all.verbose);
}

TEST(config, as_it_is_in_force_says_the_same)
{
	const settings all = read(everything);
	const settings again = read(as_toml(all));
	EXPECT_EQ(again.mirrors, all.mirrors);
	EXPECT_EQ(again.instance, all.instance);
	EXPECT_EQ(again.state_directory, all.state_directory);
	EXPECT_EQ(again.control_socket, all.control_socket);
	EXPECT_EQ(again.metrics, all.metrics);
	EXPECT_EQ(again.verbose, all.verbose);
	EXPECT_NE(as_json_text(all).find(R"("bandwidth" : "10M")"),
		  std::string::npos)
		<< as_json_text(all);
}

TEST(config, what_is_said_nearest_to_a_replica_is_in_force)
{
	const settings all = read(R"(
rsync = "rsync-top"
filters = ["- top"]
bandwidth = "1M"
guard = { percent = 1 }
[[mirror]]
root = "/a"
filters = ["- a"]
bandwidth = "2M"
[[mirror.replica]]
to = "x"
[[mirror.replica]]
to = "y"
filters = ["- y"]
bandwidth = "0"
[[mirror]]
root = "/b"
guard = { deletions = 1 }
[[mirror.replica]]
to = "x"
)");
	const auto &a = all.mirrors.at(0), &b = all.mirrors.at(1);
	const auto &ax = a.replicas.at(0), &ay = a.replicas.at(1),
		   &bx = b.replicas.at(0);
	for (const auto *r : {&ax, &ay, &bx})
		EXPECT_EQ(r->rsync, "rsync-top");
	EXPECT_EQ(ax.filters, std::vector<std::string>{"- a"});
	EXPECT_EQ(ay.filters, std::vector<std::string>{"- y"});
	EXPECT_EQ(bx.filters, std::vector<std::string>{"- top"});
	EXPECT_EQ(ax.bandwidth, 2048);
	EXPECT_EQ(ay.bandwidth, 0);
	EXPECT_EQ(bx.bandwidth, 1024);
	EXPECT_EQ(a.guard.percent, 1);
	EXPECT_EQ(b.guard.percent, 1);
	EXPECT_EQ(b.guard.deletions, 1);
}

TEST(config, refuses_a_mistyped_key_and_tells_which_was_meant)
{
	EXPECT_EQ(refusal_of("rsnc = 'x'"),
		  "m.toml:3: unknown key 'rsnc' in [[mirror]]; did you mean "
		  "'rsync'?");
	EXPECT_EQ(refusal_of("[mirror.guards]"),
		  "m.toml:3: unknown key 'guards' in [[mirror]]; did you mean "
		  "'guard'?");
	EXPECT_EQ(refusal_of("guard = { persent = 1 }"),
		  "m.toml:3: unknown key 'persent' in [mirror.guard]; did you "
		  "mean 'percent'?");
	EXPECT_EQ(refusal_of("\"a\\nb\" = 1"),
		  "m.toml:3: unknown key 'a\\012b' in [[mirror]]; see "
		  "mirrord.toml(5)");
}

TEST(config, refuses_values_of_the_wrong_type)
{
	const std::pair<const char *, const char *> all[] = {
		{"name = 3",
		 "'name' in [[mirror]] must be a string, not a number"},
		{"submounts = 'yes'",
		 "'submounts' in [[mirror]] must be true or false, not a string"},
		{"filters = '- x'",
		 "'filters' in [[mirror]] must be an array of strings, not a string"},
		{"filters = ['- x', 2]",
		 "'filters' in [[mirror]] must be a string, not a number"},
		{"guard = 1",
		 "'guard' in [[mirror]] must be a table, [mirror.guard], not a number"},
		{"guard.deletions = 1.5",
		 "'deletions' in [mirror.guard] must be a whole number, not a number"},
		{"guard.percent = 101",
		 "'percent' in [mirror.guard] must lie between 0 and 100"},
		{"guard.deletions = -1",
		 "'deletions' in [mirror.guard] must lie between 0 and 9223372036854775807"},
		{"trash = 2024-01-01",
		 "'trash' in [[mirror]] must be a string, not a date or time"},
	};
	for (const auto &[line, sentence] : all)
		EXPECT_EQ(refusal_of(line),
			  std::string("m.toml:3: ") + sentence);
	EXPECT_EQ(refusal("mirror = 3"),
		  "m.toml:1: 'mirror' in the top level must be an array of "
		  "tables, [[mirror]], not a number");
	EXPECT_EQ(refusal("mirror = [3]"),
		  "m.toml:1: 'mirror' in the top level must be a table, "
		  "[[mirror]], not a number");
}

TEST(config, refuses_values_that_mean_nothing)
{
	for (const char *line : {"name = ''",
				 "name = '../x'",
				 "name = '.x'",
				 "name = '-x'",
				 "name = 'a b'",
				 "trash = '7'",
				 "trash = '500ms'",
				 "trash = '-1d'",
				 "bandwidth = '10'",
				 "bandwidth = '10MB'",
				 "window = '2m'",
				 "events = 'inotify'",
				 "rsync = 'bin/rsync'",
				 "rsync = ''",
				 "rsync-options = ['x']",
				 "rsync-options = ['-n']",
				 "rsync-options = ['--']",
				 "filters = ['*.swp']",
				 "hooks.before = ['']",
				 R"(rsh = "ssh\u0000")"}) {
		const std::string said = refusal_of(line);
		EXPECT_TRUE(said.starts_with("m.toml:3: '")) << line << said;
	}
	EXPECT_TRUE(refusal("[[mirror]]\nroot = 'srv'\n[[mirror.replica]]\n"
			    "to = 'a'")
			    .starts_with("m.toml:2: 'root': 'srv'"));
	EXPECT_TRUE(refusal("[[mirror]]\nroot = '/srv'\n[[mirror.replica]]\n"
			    "to = './a'")
			    .starts_with("m.toml:4: 'to': './a'"));
	for (const char *line :
	     {"metrics = 'localhost'", "metrics = ':0'", "metrics = 'a:70000'",
	      "state = 'here'", "instance = '/'"})
		EXPECT_TRUE(refusal(std::string(line) +
				    "\nmirror = [{root = '/a', "
				    "replica = [{to = 'b'}]}]")
				    .starts_with("m.toml:1: '"))
			<< line;
}

TEST(config, refuses_what_lacks_the_necessary)
{
	EXPECT_EQ(refusal(""), "m.toml:1: there is no mirror; add a [[mirror]] "
			       "with 'root'");
	EXPECT_EQ(
		refusal("\n[[mirror]]\n[[mirror.replica]]\nto = 'a'"),
		"m.toml:2: this mirror lacks 'root'; say which tree it is of");
	EXPECT_EQ(refusal("[[mirror]]\nroot = '/a'"),
		  "m.toml:1: this mirror has no replica; add a "
		  "[[mirror.replica]] with 'to'");
	EXPECT_EQ(refusal("[[mirror]]\nroot = '/a'\n[[mirror.replica]]"),
		  "m.toml:3: this replica lacks 'to'; say where it is");
}

TEST(config, tells_all_mistakes_in_order)
{
	EXPECT_EQ(refusal("rsnc = 'a'\n[[mirror]]\nroot = 'a'\n"
			  "[[mirror.replica]]\nto = 'b'\nfilters = 3\n"),
		  "m.toml has 3 mistakes:\n"
		  "m.toml:1: unknown key 'rsnc' in the top level; did you mean "
		  "'rsync'?\n"
		  "m.toml:3: 'root': 'a' is no absolute path; begin it with a "
		  "slash\n"
		  "m.toml:6: 'filters' in [[mirror.replica]] must be an array "
		  "of strings, not a number");
}

TEST(config, tells_where_it_is_no_toml)
{
	EXPECT_TRUE(refusal("a = 1\nb = [").starts_with("m.toml:2: "))
		<< refusal("a = 1\nb = [");
	EXPECT_TRUE(refusal("a = '\xff'").starts_with("m.toml:1: "));
	EXPECT_TRUE(refusal("[[[mirror]]]").starts_with("m.toml: this is no"));
}

TEST(config, refuses_a_file_that_cannot_be_one)
{
	const sandbox box;
	const auto refused = [](const std::string &file) {
		EXPECT_THROW(read_config(file), imon::error) << file;
	};
	refused(box.top / "missing");
	refused(box.top);
	refused("/dev/zero");
	sandbox::write(box.top / "m.toml", "mirror = [{root = '/a', "
					   "replica = [{to = 'b'}]}]");
	EXPECT_EQ(read_config(box.top / "m.toml").mirrors.at(0).root, "/a");
}

/// What stands between .Bd and .Ed in the manual page.
std::string example()
{
	std::ifstream page(IMON_TOP "/Documentation/man/mirrord.toml.5");
	std::string text;
	bool inside = false;
	for (std::string line; std::getline(page, line);) {
		if (line.starts_with(".Ed"))
			break;
		if (inside)
			text += line + '\n';
		inside |= line.starts_with(".Bd");
	}
	return text;
}

TEST(config, of_the_manual_is_right)
{
	const settings all = parse_config(example(), "example");
	ASSERT_EQ(all.mirrors.size(), 2u);
	EXPECT_EQ(all.mirrors[0].replicas.size(), 2u);
	EXPECT_EQ(all.mirrors[1].guard.deletions, 500u);
	EXPECT_EQ(all.mirrors[1].verify.every, std::chrono::hours(7 * 24));
}

} // namespace
