// SPDX-License-Identifier: GPL-2.0-or-later
#include "control_server.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <memory>

#include "fake_steering.hpp"
#include "report_json.hpp"
#include "sandbox.hpp"

using namespace imon::mirrord;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

namespace {

constexpr uid_t somebody = 4711;

/// What imon-mirror would be.
class client {
public:
	client(poller &loop, const std::string &path)
		: loop_(loop)
		, socket_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))
	{
		sockaddr_un name{};
		name.sun_family = AF_UNIX;
		std::memcpy(name.sun_path, path.c_str(), path.size());
		EXPECT_EQ(0, connect(fd(), reinterpret_cast<sockaddr *>(&name),
				     sizeof name));
	}

	int fd() const { return socket_.get(); }
	void say(const std::string &text) const
	{
		EXPECT_EQ(static_cast<ssize_t>(text.size()),
			  ::send(fd(), text.data(), text.size(), MSG_NOSIGNAL));
	}
	void say_no_more() const { shutdown(fd(), SHUT_WR); }

	/// The next line, or "end" when the server has hung up.
	std::string hear()
	{
		while (heard_.find('\n') == heard_.npos) {
			while (!readable())
				loop_.wait(clock::now() + 1ms);
			char some[4096];
			const ssize_t n = recv(fd(), some, sizeof some, 0);
			if (n <= 0)
				return "end";
			heard_.append(some, static_cast<std::size_t>(n));
		}
		const std::string line = heard_.substr(0, heard_.find('\n'));
		heard_.erase(0, line.size() + 1);
		return line;
	}
	std::string ask(const std::string &text)
	{
		say(text + '\n');
		return hear();
	}
	bool readable() const
	{
		pollfd p = {fd(), POLLIN, 0};
		return poll(&p, 1, 0) > 0;
	}

private:
	poller &loop_;
	descriptor socket_;
	std::string heard_;
};

struct control_server_test : testing::Test {
	sandbox files;
	poller loop;
	fake_steering daemon;
	uid_t who = 0;
	std::string path = files.top / "www.sock";
	control_server server{loop, daemon, path, [this](int) { return who; }};

	std::unique_ptr<client> connect()
	{
		return std::make_unique<client>(loop, path);
	}
	/// Lets the server do all that is to be done now.
	void turn()
	{
		for (int i = 0; i < 10; i++)
			loop.wait(clock::now());
	}
};

TEST_F(control_server_test, TellsTheStatus)
{
	const auto answer = nlohmann::ordered_json::parse(
		connect()->ask(R"({"command":"status"})"));
	EXPECT_EQ(as_json(daemon.mirrors), answer["mirrors"]);
}

TEST_F(control_server_test, TellsTheStatusOfThoseMeant)
{
	const auto c = connect();
	const auto mirrors = mirrors_of(nlohmann::ordered_json::parse(
		c->ask(R"({"command":"status","replica":"web3"})"))["mirrors"]);
	ASSERT_EQ(1u, mirrors.size());
	ASSERT_EQ(1u, mirrors[0].replicas.size());
	EXPECT_EQ("web3", mirrors[0].replicas[0].name);
	EXPECT_EQ(
		R"({"error":"there is no replica 'web9'; see: imon-mirror replicas"})",
		c->ask(R"({"command":"status","replica":"web9"})"));
}

TEST_F(control_server_test, AnswersLineByLine)
{
	const auto c = connect();
	c->say("{\"command\":\"pause\"}\n{\"command\":\"resume\","
	       "\"mirror\":\"www\",\"replica\":\"web2\"}\n{\"comm");
	EXPECT_EQ(R"({"replicas":1})", c->hear());
	EXPECT_EQ(R"({"replicas":1})", c->hear());
	EXPECT_EQ(R"({"replicas":1})", c->ask("and\":\"flush\"}"));
	EXPECT_THAT(daemon.done,
		    ElementsAre("pause /", "resume www/web2", "flush /"));
}

TEST_F(control_server_test, TellsWhy)
{
	// The name "a" with the byte ff after it.
	EXPECT_THAT(connect()->ask(R"({"command":"why","path_b64":"Yf8="})"),
		    HasSubstr(R"("path_b64":"Yf8=")"));
}

TEST_F(control_server_test, RefusesGarbageWithASentence)
{
	const auto c = connect();
	for (const char *garbage :
	     {"", "hello", "{", "[]", "1", "{\"command\":1}",
	      "{\"command\":\"\\ud800\"}", "\xff\xfe", "{\"quorum\":-1}"})
		EXPECT_THAT(c->ask(garbage), StartsWith(R"({"error":)"))
			<< garbage;
	EXPECT_THAT(c->ask(R"({"command":"destroy"})"),
		    HasSubstr("there is no command 'destroy', but: status "));
}

TEST_F(control_server_test, RefusesALineWithoutEnd)
{
	const auto c = connect();
	for (std::size_t said = 0; said < line_channel::longest_line;
	     said += 4096) {
		c->say(std::string(4096, 'x'));
		turn();
	}
	EXPECT_EQ(R"({"error":"this line is too long for a request"})",
		  c->hear());
	EXPECT_EQ("end", c->hear());
}

TEST_F(control_server_test, LetsOthersAskButNotChange)
{
	who = somebody;
	const auto c = connect();
	for (const char *change : {"pause", "resume", "flush", "verify",
				   "approve", "reject", "reload"})
		EXPECT_THAT(
			c->ask("{\"command\":\"" + std::string(change) + "\"}"),
			HasSubstr("only root and the user that imon-mirrord "
				  "runs as may " +
				  std::string(change)));
	EXPECT_THAT(daemon.done, IsEmpty());
	for (const char *question : {"status", "settings", "why", "wait"})
		EXPECT_THAT(c->ask("{\"command\":\"" + std::string(question) +
				   "\"}"),
			    testing::Not(HasSubstr("only root")));
}

TEST_F(control_server_test, LetsItsOwnUserChange)
{
	who = geteuid();
	EXPECT_EQ(R"({"replicas":1})",
		  connect()->ask(R"({"command":"approve"})"));
}

TEST_F(control_server_test, KnowsItsPeer)
{
	int pair[2];
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	const descriptor one(pair[0]), other(pair[1]);
	EXPECT_EQ(geteuid(), control_server::peer(one.get()));
}

TEST_F(control_server_test, SaysWhatIsWrongWithAReload)
{
	const auto c = connect();
	EXPECT_EQ(R"({"reloaded":true})", c->ask(R"({"command":"reload"})"));
	daemon.wrong = "mirrord.toml:3: unknown key";
	EXPECT_EQ(R"({"error":"mirrord.toml:3: unknown key"})",
		  c->ask(R"({"command":"reload"})"));
}

TEST_F(control_server_test, SaysWhenNothingWasMeant)
{
	daemon.meant = 0;
	EXPECT_THAT(connect()->ask(R"({"command":"pause","mirror":"x"})"),
		    HasSubstr("there is no mirror 'x'"));
}

TEST_F(control_server_test, AWaitIsOverWhenAllHoldIt)
{
	daemon.holds = {{"www", {2, 0}}, {"ftp", {1, 1}}};
	const auto c = connect();
	EXPECT_EQ(R"({"reached":false,"holding":1,"meant":3})",
		  c->ask(R"({"command":"wait"})"));
	server.turned(); // nothing new
	daemon.holds["www"].holding = 1;
	server.turned();
	EXPECT_EQ(R"({"reached":false,"holding":2,"meant":3})", c->hear());
	daemon.holds["www"].holding = 2;
	server.turned();
	EXPECT_EQ(R"({"reached":true,"holding":3,"meant":3})", c->hear());
	EXPECT_EQ(R"({"replicas":1})", c->ask(R"({"command":"pause"})"));
}

TEST_F(control_server_test, AQuorumIsOfEachMirror)
{
	daemon.holds = {{"www", {3, 3}}, {"ftp", {2, 0}}};
	const auto c = connect();
	EXPECT_EQ(R"({"reached":false,"holding":3,"meant":5})",
		  c->ask(R"({"command":"wait","quorum":1})"));
	daemon.holds["ftp"].holding = 1;
	server.turned();
	EXPECT_EQ(R"({"reached":true,"holding":4,"meant":5})", c->hear());
	EXPECT_THAT(c->ask(R"({"command":"wait","quorum":3})"),
		    HasSubstr("ftp has no 3 such replicas, only 2"));
}

TEST_F(control_server_test, AWaitForWhatCannotComeIsRefused)
{
	daemon.holds = {{"www", {2, 0}}};
	const auto c = connect();
	EXPECT_THAT(c->ask(R"({"command":"wait","mirror":"none"})"),
		    HasSubstr("there is no mirror 'none'"));
	EXPECT_EQ(R"({"reached":false,"holding":0,"meant":2})",
		  c->ask(R"({"command":"wait","mirror":"www"})"));
	daemon.mirrors[0].state = "halted";
	daemon.mirrors[0].halted = "source unmounted";
	server.turned();
	EXPECT_EQ(
		R"({"error":"www is halted: source unmounted; see: imon-mirror status"})",
		c->hear());
}

TEST_F(control_server_test, WaitsForWhoHasNothingMoreToSay)
{
	daemon.holds = {{"www", {1, 0}}};
	const auto c = connect();
	c->ask(R"({"command":"wait"})");
	c->say_no_more();
	turn();
	daemon.holds["www"].holding = 1;
	server.turned();
	EXPECT_THAT(c->hear(), StartsWith(R"({"reached":true)"));
	EXPECT_EQ("end", c->hear());
}

TEST_F(control_server_test, TellsFollowersOfChangesOnly)
{
	const auto c = connect();
	c->ask(R"({"command":"status","follow":true,"mirror":"ftp"})");
	server.turned();
	turn();
	EXPECT_FALSE(c->readable());
	daemon.mirrors[1].replicas[0].state = "pending";
	server.turned();
	EXPECT_THAT(c->hear(), HasSubstr(R"("state":"pending")"));
	daemon.mirrors[1].state = "halted";
	server.turned(); // too early, it comes later by itself
	EXPECT_THAT(c->hear(), HasSubstr(R"("state":"halted")"));
}

TEST_F(control_server_test, WhoDoesNotReadDisturbsNobody)
{
	daemon.mirrors[0].halted = std::string(1 << 19, 'x');
	std::vector<std::unique_ptr<client>> stuck;
	for (std::size_t i = 0; i < control_server::most_clients; i++) {
		stuck.push_back(connect());
		stuck.back()->say("{\"command\":\"status\"}\n"
				  "{\"command\":\"pause\"}\n");
		turn();
	}
	EXPECT_THAT(daemon.done, IsEmpty());
	EXPECT_EQ(R"({"replicas":1})",
		  connect()->ask(R"({"command":"flush"})"));
	EXPECT_THAT(stuck[1]->hear(), StartsWith(R"({"mirrors":)"));
	EXPECT_EQ(R"({"replicas":1})", stuck[1]->hear());
}

TEST_F(control_server_test, RefusesTooManyAndForgetsWhoHasGone)
{
	daemon.holds = {{"www", {1, 0}}};
	std::vector<std::unique_ptr<client>> waiting;
	for (std::size_t i = 0; i < control_server::most_clients; i++) {
		waiting.push_back(connect());
		waiting.back()->ask(R"({"command":"wait"})");
	}
	const auto refused = connect();
	EXPECT_EQ(R"({"error":"too many ask at once; try again later"})",
		  refused->hear());
	EXPECT_EQ("end", refused->hear());
	waiting.pop_back();
	turn();
	EXPECT_EQ(R"({"replicas":1})",
		  connect()->ask(R"({"command":"pause"})"));
}

} // namespace
