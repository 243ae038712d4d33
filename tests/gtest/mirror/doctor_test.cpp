// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the doctor makes of programs' last words.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "finding.hpp"
#include "machine.hpp"
#include "place.hpp"
#include "replica_trials.hpp"
#include "ssh_trouble.hpp"

namespace imon::mirror {

static std::ostream &operator<<(std::ostream &to, const finding &f)
{
	return to << findings_text({f});
}

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

auto is(verdict how, const std::string &about, const std::string &what)
{
	return AllOf(Field(&finding::how, how),
		     Field(&finding::about, HasSubstr(about)),
		     Field(&finding::what, HasSubstr(what)),
		     Field(&finding::mend,
			   how == verdict::ok
				   ? testing::Matcher<std::string>("")
				   : testing::Ne("")));
}

mirrord::replica_settings replica(const std::string &to)
{
	mirrord::replica_settings r;
	r.where = mirrord::parse_destination(to, "/srv/www");
	return r;
}

constexpr std::time_t now = 1'700'000'000;

trial_result answer(const std::string &line)
{
	return {.output = "imon-apply 1\n" + line + '\n',
		.begun = now,
		.ended = now + 1};
}

const trial_result apply = answer("0 ok version=" IMON_VERSION
				  " free=900000000000 inodes=900000 rsync=yes "
				  "time=1700000001");
const trial_result rsync = {
	.output = "(Client) Protocol versions: remote=31, negotiated=31\n"};

TEST(doctor, a_replica_that_is_well)
{
	EXPECT_THAT(judge_replica(replica("web2"), false, apply, rsync),
		    ElementsAre(is(verdict::ok, "web2: ssh", ""),
				is(verdict::ok, "web2: rsync", "31"),
				is(verdict::ok, "web2: imon-apply", "version"),
				is(verdict::ok, "web2: space", "inodes"),
				is(verdict::ok, "web2: clock", "")));
	EXPECT_THAT(
		judge_replica(replica("rsync://web2/www"), false, {}, rsync),
		ElementsAre(is(verdict::ok, "rsync://web2/www: rsync", "31")));
}

TEST(doctor, an_rsync_daemon_that_lets_nobody_write)
{
	const auto r = replica("rsync://web2/www");
	EXPECT_THAT(judge_write(r, rsync, {}),
		    ElementsAre(is(verdict::ok, "rsync://web2/www: writing",
				   "allowed")));
	const trial_result refused = {
		.end = {1, "ERROR: module is read only\nrsync error: syntax\n"
			   "rsync: [sender] read error: Connection reset\n"}};
	EXPECT_THAT(judge_write(r, rsync, refused),
		    ElementsAre(is(verdict::fail, "writing",
				   "(ERROR: module is read only)")));
	EXPECT_THAT(judge_write(r, refused, refused), IsEmpty());
	EXPECT_THAT(judge_write(replica("web2"), rsync, {}), IsEmpty());
	EXPECT_THAT(write_trial(replica("web2")).argv, IsEmpty());
}

TEST(doctor, asks_nobody_for_a_password)
{
	auto r = replica("me@web2");
	r.rsh = "ssh -p 2222";
	EXPECT_THAT(apply_trial(r).argv,
		    ElementsAre("ssh", "-oBatchMode=yes", "-p", "2222", "-l",
				"me", "web2", testing::_));
	EXPECT_THAT(rsync_trial(r).argv,
		    testing::Contains("ssh -oBatchMode=yes -p 2222"));
	r.rsh = "ssh-in-a-box";
	EXPECT_EQ(apply_trial(r).argv.at(1), "-l");
}

TEST(doctor, what_ssh_complains_of)
{
	const auto trouble = [](const char *said) {
		return ssh_trouble(replica("me@web2").where, {255, said});
	};
	EXPECT_EQ(trouble("@@@\nREMOTE HOST IDENTIFICATION HAS CHANGED!\n"
			  "Host key verification failed.\r\n")
			  ->mend,
		  "if that is right: ssh-keygen -R me@web2");
	EXPECT_THAT(trouble("Host key verification failed.\r\n")->what,
		    HasSubstr("not known"));
	EXPECT_EQ(trouble("me@web2: Permission denied (publickey).\r\n")->mend,
		  "ssh-copy-id me@web2");
	EXPECT_THAT(trouble("something \033[2J\nmore")->what,
		    AllOf(HasSubstr("something"), Not(HasSubstr("\033"))));
	// Said by programs there, not by ssh.
	EXPECT_FALSE(ssh_trouble(replica("/local").where,
				 {13, "Permission denied"}));
	EXPECT_FALSE(ssh_trouble(replica("web2").where, {0, "timed out"}));
	EXPECT_EQ(ssh_trouble(replica("[::1]:/srv").where, {255, "timed out"})
			  ->mend,
		  "ping ::1");
}

TEST(doctor, who_does_not_get_in_asks_no_more)
{
	EXPECT_THAT(judge_replica(replica("web2"), false,
				  {.end = {255, "Connection refused"}},
				  {.end = {255, "Connection refused"}}),
		    ElementsAre(is(verdict::fail, "ssh", "no ssh server")));
}

TEST(doctor, without_imon_apply_it_is_only_slower)
{
	const auto all = judge_replica(replica("web2"), false,
				       {.end = {127, "sh: not found"}}, rsync);
	EXPECT_THAT(all, testing::Contains(is(verdict::warn, "imon-apply",
					      "it is missing")));
	EXPECT_FALSE(any_failed(all));
}

TEST(doctor, a_directory_that_is_missing_there)
{
	const auto missing =
		answer("0 failed cannot open the directory: No such file or "
		       "directory");
	EXPECT_THAT(judge_replica(replica("web2"), false, missing, {}),
		    ElementsAre(is(verdict::ok, "ssh", ""),
				is(verdict::fail, "directory", "not there")));
	EXPECT_THAT(judge_replica(replica("web2"), true, missing, {}),
		    testing::Contains(
			    is(verdict::ok, "directory", "will be made")));
}

TEST(doctor, an_rsync_that_is_missing_here_is_no_directory_there)
{
	const trial_result missing = {
		.end = {-1, "cannot run rs: No such file or directory"}};
	EXPECT_THAT(judge_replica(replica("web2"), false, apply, missing),
		    testing::Contains(
			    is(verdict::fail, "web2: rsync", "cannot run")));
}

TEST(doctor, a_clock_that_is_wrong)
{
	const auto at = [](const char *time) {
		return judge_replica(
			replica("web2"), false,
			answer("0 ok version=" IMON_VERSION
			       " free=900000000000 rsync=yes time=" +
			       std::string(time)),
			rsync);
	};
	EXPECT_THAT(at("1700000100").back(),
		    is(verdict::warn, "clock", "99 seconds ahead"));
	EXPECT_THAT(at("1699999900").back(),
		    is(verdict::warn, "clock", "100 seconds behind"));
	EXPECT_THAT(at("1700000004").back(), is(verdict::ok, "clock", ""));
	EXPECT_FALSE(any_failed(at("18446744073709551615")));
}

TEST(doctor, room)
{
	constexpr std::uint64_t much = std::uint64_t{1} << 40;
	EXPECT_THAT(judge_room("x", {much}), is(verdict::ok, "x", "MiB"));
	EXPECT_THAT(judge_room("x", {much, 5}), is(verdict::warn, "x", "5 in"));
	EXPECT_THAT(judge_room("x", {much, 0}), is(verdict::fail, "x", "0 in"));
	EXPECT_THAT(judge_room("x", {1 << 20}),
		    is(verdict::warn, "x", "1 MiB"));
	EXPECT_THAT(judge_room("x", {0}), is(verdict::fail, "x", "0 MiB"));
}

TEST(doctor, rsync_here)
{
	const auto judge = [](const std::string &output) {
		return judge_rsync_here("rsync", {.output = output});
	};
	EXPECT_THAT(judge("rsync  version 3.2.7  protocol version 31\n"
			  "Capabilities: ACLs, xattrs\n"),
		    is(verdict::ok, "rsync here", "3.2.7"));
	EXPECT_THAT(judge("rsync  version v3.2.7  protocol"),
		    is(verdict::ok, "rsync here", "3.2.7"));
	EXPECT_THAT(judge("rsync  version 3.1.2  protocol version 31\n"),
		    is(verdict::fail, "rsync here", "too old"));
	EXPECT_THAT(judge("rsync  version 3.2.7  protocol\n no ACLs, xattrs"),
		    is(verdict::fail, "rsync here", "ACLs"));
	EXPECT_THAT(judge("hello"),
		    is(verdict::fail, "rsync here", "no rsync"));
	EXPECT_THAT(judge_rsync_here("rs", {.end = {-1, "cannot run rs"}}),
		    is(verdict::fail, "rsync here", "cannot run"));
}

TEST(doctor, garbage_is_no_answer)
{
	for (const char *output : {"", "\0\xff", "imon-apply 1\n0 ok version=",
				   "imon-apply 1\n0 ok free=1 rsync=yes\n"}) {
		const auto all =
			judge_replica(replica("web2"), false,
				      {.end = {0, ""}, .output = output},
				      {.end = {12, ""}, .output = output});
		EXPECT_THAT(all,
			    testing::Contains(is(verdict::fail, "rsync", "")));
		EXPECT_THAT(all, testing::Contains(
					 is(verdict::warn, "imon-apply", "")));
	}
}

TEST(doctor, says_it_to_people_and_programs)
{
	const findings all = {{.about = "a", .what = "good"},
			      {verdict::warn, "b", "odd", "do this"},
			      {verdict::fail, "c", "bad", "do that"}};
	EXPECT_EQ(findings_text(all), "ok    a: good\n"
				      "warn  b: odd; to mend it: do this\n"
				      "fail  c: bad; to mend it: do that\n"
				      "1 failure, 1 warning\n");
	const auto json = as_json(all);
	EXPECT_EQ(json["findings"][2]["verdict"], "fail");
	EXPECT_EQ(json["findings"][1]["mend"], "do this");
	EXPECT_EQ(json["failures"], 1);
	EXPECT_TRUE(any_failed(all));
	EXPECT_FALSE(any_failed({all[1]}));
}

} // namespace

} // namespace imon::mirror
