// SPDX-License-Identifier: GPL-2.0-or-later
#include "control_socket.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>

#include <imon/error.hpp>

#include "sandbox.hpp"

using namespace imon::mirrord;
using testing::HasSubstr;

namespace {

struct control_socket_test : testing::Test {
	sandbox files;
	std::string path = files.top / "run" / "www.sock";

	std::string refusal() const
	{
		try {
			control_socket tried(path);
		} catch (const imon::error &e) {
			return e.sentence();
		}
		return "no refusal";
	}
};

/// Another process that has the socket.
struct other_daemon {
	pid_t pid;

	explicit other_daemon(const std::string &path)
	{
		int ready[2];
		EXPECT_EQ(0, pipe(ready));
		pid = fork();
		if (pid == 0) {
			const control_socket mine(path);
			if (write(ready[1], "", 1) == 1)
				pause();
			_exit(1);
		}
		close(ready[1]);
		char byte;
		EXPECT_EQ(1, read(ready[0], &byte, 1));
		close(ready[0]);
	}
	~other_daemon() { end(); }
	void end()
	{
		if (pid < 0)
			return;
		kill(pid, SIGKILL);
		waitpid(pid, nullptr, 0);
		pid = -1;
	}
};

TEST_F(control_socket_test, IsForItsGroup)
{
	const control_socket s(path);
	struct stat there;
	ASSERT_EQ(0, lstat(path.c_str(), &there));
	EXPECT_EQ(S_IFSOCK | 0660u, there.st_mode);
}

TEST_F(control_socket_test, IsGoneAfterwards)
{
	{
		const control_socket s(path);
	}
	EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(control_socket_test, RefusesToDisturbALivingDaemon)
{
	const other_daemon other(path);
	EXPECT_EQ("imon-mirrord www runs already, pid " +
			  std::to_string(other.pid) +
			  "; ask it: imon-mirror -i www status",
		  refusal());
	EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(control_socket_test, ReplacesWhatADeadDaemonLeft)
{
	other_daemon other(path);
	other.end();
	ASSERT_TRUE(std::filesystem::exists(path));
	EXPECT_EQ("no refusal", refusal());
}

TEST_F(control_socket_test, RemovesNoFileOfOthers)
{
	sandbox::write(path, "precious");
	EXPECT_THAT(refusal(), HasSubstr("exists and is no socket"));
	EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(control_socket_test, RefusesWhatIsTooLong)
{
	path += std::string(120, 'x');
	EXPECT_THAT(refusal(), HasSubstr("is too long for a socket"));
}

} // namespace
