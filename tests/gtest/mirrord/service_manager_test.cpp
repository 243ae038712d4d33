// SPDX-License-Identifier: GPL-2.0-or-later
#include "service_manager.hpp"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "sandbox.hpp"

using namespace imon::mirrord;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

namespace {

struct service_manager_test : testing::Test {
	sandbox files;
	descriptor socket{::socket(
		AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};

	service_manager_test()
	{
		sockaddr_un name{};
		name.sun_family = AF_UNIX;
		const std::string path = files.top / "notify";
		std::memcpy(name.sun_path, path.c_str(), path.size());
		EXPECT_EQ(0, bind(socket.get(),
				  reinterpret_cast<sockaddr *>(&name),
				  sizeof name));
		setenv("NOTIFY_SOCKET", path.c_str(), 1);
	}
	~service_manager_test() override
	{
		unsetenv("NOTIFY_SOCKET");
		unsetenv("WATCHDOG_USEC");
	}

	std::vector<std::string> said()
	{
		std::vector<std::string> words;
		std::array<char, 4096> buffer;
		for (ssize_t n; (n = recv(socket.get(), buffer.data(),
					  buffer.size(), 0)) > 0;)
			words.emplace_back(buffer.data(),
					   static_cast<std::size_t>(n));
		return words;
	}
};

TEST_F(service_manager_test, SaysWhatSystemdUnderstands)
{
	service_manager m;
	m.ready();
	m.reloading();
	m.stopping("halted: gone");
	EXPECT_THAT(said(),
		    ElementsAre("READY=1",
				StartsWith("RELOADING=1\nMONOTONIC_USEC="),
				"STOPPING=1\nSTATUS=halted: gone"));
}

TEST_F(service_manager_test, SaysAStatusOnce)
{
	service_manager m;
	m.status("in sync");
	m.status("in sync");
	m.status("a\nREADY=1");
	EXPECT_THAT(said(),
		    ElementsAre("STATUS=in sync", "STATUS=a\\012READY=1"));
}

TEST_F(service_manager_test, GivesSignsOfLifeWhenAskedForThem)
{
	setenv("WATCHDOG_USEC", "10000000", 1);
	service_manager m;
	const clock::time_point start{1h};
	EXPECT_EQ(start + 5s, m.alive(start));
	EXPECT_EQ(start + 5s, m.alive(start + 4s));
	EXPECT_THAT(said(), ElementsAre("WATCHDOG=1"));
	EXPECT_EQ(start + 11s, m.alive(start + 6s));
	EXPECT_THAT(said(), ElementsAre("WATCHDOG=1"));
}

TEST_F(service_manager_test, GivesNoneWhenNobodyAsked)
{
	service_manager m;
	EXPECT_EQ(std::nullopt, m.alive(clock::time_point{1h}));
	EXPECT_THAT(said(), IsEmpty());
}

TEST_F(service_manager_test, WaitsForNobody)
{
	service_manager m;
	std::size_t most = 0;
	for (; most < 10'000; most++)
		m.status("status " + std::to_string(most));
	const clock::time_point now{1h};
	EXPECT_LT(now, m.alive(now));
	const auto before = said();
	EXPECT_LT(before.size(), most);
	EXPECT_EQ(before.front(), "STATUS=status 0");
	// What is old by now is not said at all.
	EXPECT_EQ(std::nullopt, m.alive(now));
	EXPECT_THAT(said(), ElementsAre("STATUS=status 9999"));
}

TEST_F(service_manager_test, KeepsTheOrder)
{
	service_manager m;
	for (int i = 0; i < 10'000; i++)
		m.status("status " + std::to_string(i));
	m.reloading();
	m.ready();
	m.status("in sync");
	said();
	EXPECT_EQ(std::nullopt, m.alive(clock::time_point{1h}));
	EXPECT_THAT(said(),
		    ElementsAre("STATUS=status 9999", StartsWith("RELOADING=1"),
				"READY=1", "STATUS=in sync"));
}

TEST(service_manager, MayBeAbsentOrStrange)
{
	for (const char *address : {"", "@", "relative", "vsock:2:1"}) {
		setenv("NOTIFY_SOCKET", address, 1);
		service_manager m;
		m.ready();
		EXPECT_EQ(std::nullopt, m.alive(clock::time_point{1h}));
	}
	unsetenv("NOTIFY_SOCKET");
}

} // namespace
