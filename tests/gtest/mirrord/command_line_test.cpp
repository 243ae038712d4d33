// SPDX-License-Identifier: GPL-2.0-or-later
#include "command_line.hpp"

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include <imon/error.hpp>

#include "sandbox.hpp"
#include "settings_text.hpp"

using namespace imon::mirrord;
using namespace std::chrono_literals;

namespace {

using words = std::vector<std::string>;

settings parse(words arguments, std::string program = "/usr/sbin/imon-mirrord")
{
	arguments.insert(arguments.begin(), std::move(program));
	std::vector<char *> argv;
	for (std::string &word : arguments)
		argv.push_back(word.data());
	argv.push_back(nullptr);
	return parse_command_line(static_cast<int>(arguments.size()),
				  argv.data());
}

std::string refusal(const words &arguments)
{
	try {
		parse(arguments);
	} catch (const imon::error &e) {
		return e.sentence();
	}
	return "accepted";
}

TEST(command_line, needs_no_more_than_a_directory_and_a_replica)
{
	const settings all = parse({"/var/www", "--to", "web2"});
	mirror_settings m;
	m.name = "var-www";
	m.root = "/var/www";
	m.replicas = {{}};
	m.replicas[0].where = {destination::way::shell, "web2",
			       "web2:/var/www/"};
	EXPECT_EQ(all.mirrors, std::vector{m});
	EXPECT_EQ(all.instance, "var-www");
	EXPECT_TRUE(all.control_socket.ends_with("/var-www.sock"));
	EXPECT_NE(all.state_directory, "");
	EXPECT_FALSE(all.configuration);
	EXPECT_FALSE(all.dry_run);
}

TEST(command_line, has_several_directories_and_replicas)
{
	const settings all =
		parse({"/a", "--to", "web2", "--to", "web3", "b/../b"});
	ASSERT_EQ(all.mirrors.size(), 2);
	EXPECT_EQ(all.mirrors[1].root,
		  std::filesystem::current_path().string() + "/b");
	ASSERT_EQ(all.mirrors[0].replicas.size(), 2);
	EXPECT_EQ(all.mirrors[0].replicas[1].where.target, "web3:/a/");
}

TEST(command_line, sets_what_is_common)
{
	const settings all = parse({"/a",
				    "--to",
				    "b",
				    "--instance",
				    "i",
				    "--state",
				    "/s",
				    "--socket",
				    "/c",
				    "--metrics",
				    "localhost:1",
				    "--rsh",
				    "ssh -p 22",
				    "--rsync",
				    "/opt/rsync",
				    "--bandwidth",
				    "1M",
				    "--trash",
				    "7d",
				    "--apply",
				    "",
				    "--window",
				    "20",
				    "--events",
				    "imon",
				    "--max-delete",
				    "7",
				    "--submounts",
				    "--create-dirs",
				    "--no-initial-sync",
				    "--dry-run",
				    "-v",
				    "--rsync-option=-z",
				    "--verify-every",
				    "1w",
				    "--rsync-option=-u"});
	mirror_settings m;
	m.name = "a";
	m.root = "/a";
	m.window = 20ms;
	m.events = back_end::imon;
	m.initial_sync = false;
	m.create_root = m.submounts = true;
	m.guard.deletions = 7;
	m.verify.every = 7 * 24h;
	m.replicas = {{.where = {destination::way::shell, "b", "b:/a/"},
		       .rsync = "/opt/rsync",
		       .rsh = "ssh -p 22",
		       .rsync_options = {"-z", "-u"},
		       .filters = {},
		       .bandwidth = 1024,
		       .trash = 7 * 24h,
		       .apply = ""}};
	EXPECT_EQ(all.mirrors, std::vector{m});
	EXPECT_EQ(all.instance, "i");
	EXPECT_EQ(all.state_directory, "/s");
	EXPECT_EQ(all.control_socket, "/c");
	EXPECT_EQ(all.metrics, "localhost:1");
	EXPECT_TRUE(all.dry_run);
	EXPECT_TRUE(all.verbose);
}

TEST(command_line, keeps_the_order_of_filters)
{
	const settings all =
		parse({"/a", "--to", "b", "--filter", "+ *.c", "--exclude",
		       "*.o", "--filter=- *.c", "--exclude=- x"});
	EXPECT_EQ(all.mirrors.at(0).replicas.at(0).filters,
		  (words{"+ *.c", "- *.o", "- *.c", "- - x"}));
}

TEST(command_line, has_paths_that_are_good_in_other_directories)
{
	const settings all = parse({"a", "--to", "b", "--rsync", "bin/rsync",
				    "--socket", "c", "--state", "s"});
	const std::string here = std::filesystem::current_path();
	EXPECT_EQ(all.mirrors.at(0).root, here + "/a");
	EXPECT_EQ(all.mirrors.at(0).replicas.at(0).rsync, here + "/bin/rsync");
	EXPECT_EQ(all.control_socket, here + "/c");
	EXPECT_EQ(all.state_directory, here + "/s");
}

TEST(command_line, refuses_what_cannot_be)
{
	EXPECT_EQ(refusal({"/a"}), "say with --to where the replicas of /a "
				   "are; see 'imon-mirrord --help'");
	EXPECT_EQ(refusal({"/a", "--to", "b", "--to", "b:/a"}),
		  "'b:/a' is given twice; drop one of them");
	EXPECT_NE(refusal({"/a", "--to", "/a/b"}), "accepted");
	EXPECT_NE(refusal({"/a", "/b", "--to", "web2:/srv"}), "accepted");
	EXPECT_NE(refusal({"/a", "--to", "b", "--filter", "*.o"}), "accepted");
	EXPECT_NE(refusal({"/a", "--to", "b", "--trash", "7"}), "accepted");
	EXPECT_EQ(refusal({"/a", "--to", "b", "--config", "/x"}),
		  "give either directories or --config");
}

TEST(command_line, takes_a_configuration_and_what_is_not_of_its_mirrors)
{
	const sandbox box;
	const std::string file = box.top / "m.toml";
	sandbox::write(file,
		       "instance = 'farm'\nstate = '/s'\n"
		       "mirror = [{root = '/a', replica = [{to = 'b'}]}]");
	settings all = parse({"--config", file});
	EXPECT_EQ(all.configuration, file);
	EXPECT_EQ(all.instance, "farm");
	EXPECT_EQ(all.state_directory, "/s");
	EXPECT_TRUE(all.control_socket.ends_with("/farm.sock"));
	all = parse({"--config", file, "--instance", "i", "--state", "/t",
		     "--metrics", "m:1", "--dry-run"});
	EXPECT_EQ(all.state_directory, "/t");
	EXPECT_TRUE(all.control_socket.ends_with("/i.sock"));
	EXPECT_EQ(all.metrics, "m:1");
	EXPECT_TRUE(all.dry_run);
	EXPECT_EQ(refusal({"--config", file, "--rsh", "ssh"}),
		  "--rsh is for directories of the command line; write it "
		  "into " +
			  file + ", see mirrord.toml(5)");
}

TEST(command_line, of_a_check_prints_and_exits)
{
	EXPECT_EXIT(parse({"/a", "--to", "b", "--check"}),
		    testing::ExitedWithCode(0), "");
	EXPECT_EXIT(parse({"/a", "--to", "b", "--bogus"}),
		    testing::ExitedWithCode(2), "--bogus");
}

class fam_mirror : public ::testing::Test {
protected:
	fam_mirror()
	{
		for (const char *name :
		     {"CREATE_DIRS", "INIT_MIRROR", "DEBUG", "REPLICA_HOSTS"})
			unsetenv(name);
	}
	settings run(const words &arguments)
	{
		return parse(arguments, "fam_mirror");
	}
	const sandbox box;
};

TEST_F(fam_mirror, two_web_servers)
{
	const std::string www = box.source;
	const settings all = run({www, "--replica-hosts", "web2"});
	ASSERT_EQ(all.mirrors.size(), 1);
	const mirror_settings &m = all.mirrors[0];
	EXPECT_EQ(m.root, www);
	EXPECT_FALSE(m.initial_sync);
	EXPECT_FALSE(m.create_root);
	EXPECT_FALSE(all.verbose);
	ASSERT_EQ(m.replicas.size(), 1);
	EXPECT_EQ(m.replicas[0].where.target, "web2:" + www + "/");
	EXPECT_NE(m.replicas[0].rsh.find("-l root"), std::string::npos);
}

TEST_F(fam_mirror, an_ftp_host_and_four_web_servers)
{
	setenv("INIT_MIRROR", "1", 1);
	setenv("CREATE_DIRS", "1", 1);
	setenv("DEBUG", "1", 1);
	setenv("REPLICA_HOSTS", "linuxweb1 linuxweb2, linuxweb3,linuxweb4", 1);
	const settings all = run({box.source, box.replica, "--rsh", "ssh",
				  "--rsync", "/opt/rsync"});
	ASSERT_EQ(all.mirrors.size(), 2);
	EXPECT_TRUE(all.verbose);
	for (const mirror_settings &m : all.mirrors) {
		EXPECT_TRUE(m.initial_sync);
		EXPECT_TRUE(m.create_root);
		ASSERT_EQ(m.replicas.size(), 4);
		EXPECT_EQ(m.replicas[3].where.target,
			  "linuxweb4:" + m.root + "/");
		EXPECT_EQ(m.replicas[3].rsh, "ssh");
		EXPECT_EQ(m.replicas[3].rsync, "/opt/rsync");
	}
}

TEST_F(fam_mirror, a_switch_of_zero_is_off)
{
	setenv("INIT_MIRROR", "0", 1);
	setenv("CREATE_DIRS", "", 1);
	const settings all = run({box.source, "--replica-hosts", "web2"});
	EXPECT_FALSE(all.mirrors.at(0).initial_sync);
	EXPECT_FALSE(all.mirrors.at(0).create_root);
}

TEST_F(fam_mirror, tells_its_usage_when_an_argument_is_no_directory)
{
	const auto usage = testing::ExitedWithCode(2);
	sandbox::write(box.source / "file", "");
	EXPECT_EXIT(run({"--replica-hosts", "web2"}), usage, "Usage");
	EXPECT_EXIT(run({box.source}), usage, "Usage");
	EXPECT_EXIT(run({box.source, box.source / "file", "--replica-hosts",
			 "web2"}),
		    usage, "Usage");
	EXPECT_EXIT(run({box.source / "none", "--replica-hosts", "web2"}),
		    usage, "Usage");
}

} // namespace
