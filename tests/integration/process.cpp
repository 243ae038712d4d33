// SPDX-License-Identifier: GPL-2.0-or-later
#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

static pid_t spawn(
	const std::vector<std::string> &argv,
	const std::vector<std::string> &environment, int output,
	const std::function<void()> &prepare = [] {})
{
	const pid_t pid = fork();
	if (pid < 0)
		throw std::system_error(errno, std::generic_category(), "fork");
	if (pid > 0)
		return pid;
	setsid();
	// Standard output belongs to TAP.
	dup2(output < 0 ? STDERR_FILENO : output, STDOUT_FILENO);
	if (output >= 0)
		dup2(output, STDERR_FILENO);
	for (const std::string &variable : environment)
		putenv(const_cast<char *>(variable.c_str()));
	prepare();
	std::vector<char *> words;
	for (const std::string &word : argv)
		words.push_back(const_cast<char *>(word.c_str()));
	words.push_back(nullptr);
	execvp(words[0], words.data());
	std::perror(words[0]);
	_exit(127);
}

static int status_of(int wait_status)
{
	return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
				      : 128 + WTERMSIG(wait_status);
}

process::process(const std::vector<std::string> &argv,
		 const std::vector<std::string> &environment,
		 const std::function<void()> &prepare)
	: pid_(spawn(argv, environment, -1, prepare))
{
}

process::process(process &&other) noexcept
	: pid_(std::exchange(other.pid_, 0))
{
}

process::~process()
{
	if (!pid_)
		return;
	signal(SIGTERM);
	if (!wait_for(std::chrono::seconds(20))) {
		signal(SIGKILL);
		wait();
	}
}

void process::signal(int number) const
{
	kill(pid_, number);
}

int process::wait()
{
	int status = 0;
	waitpid(std::exchange(pid_, 0), &status, 0);
	return status_of(status);
}

std::optional<int> process::wait_for(std::chrono::seconds limit)
{
	pollfd end = {static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)),
		      POLLIN, 0};
	const int ready = poll(&end, 1, static_cast<int>(limit.count()) * 1000);
	close(end.fd);
	return ready == 1 ? std::optional(wait()) : std::nullopt;
}

std::string run(const std::vector<std::string> &argv)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		throw std::system_error(errno, std::generic_category(), "pipe");
	const pid_t pid = spawn(argv, {}, ends[1]);
	close(ends[1]);
	std::string text;
	std::array<char, 4096> buffer;
	for (ssize_t n; (n = read(ends[0], buffer.data(), buffer.size())) > 0;)
		text.append(buffer.data(), static_cast<std::size_t>(n));
	close(ends[0]);
	int status = 0;
	waitpid(pid, &status, 0);
	if (status)
		throw std::runtime_error(argv.front() + " ended with " +
					 std::to_string(status_of(status)) +
					 ":\n" + text);
	return text;
}

int signal_all(const std::string &program, int number, pid_t but)
{
	int count = 0;
	for (const auto &entry : std::filesystem::directory_iterator("/proc")) {
		const pid_t pid = std::atoi(entry.path().filename().c_str());
		if (pid <= 0 || pid == but)
			continue;
		std::string name;
		std::getline(std::ifstream(entry.path() / "comm"), name);
		if (name == program && kill(pid, number) == 0)
			count++;
	}
	return count;
}

void await(const std::string &what, const std::function<bool()> &condition,
	   std::chrono::seconds limit)
{
	const auto deadline = std::chrono::steady_clock::now() + limit;
	while (!condition()) {
		if (std::chrono::steady_clock::now() > deadline)
			throw std::runtime_error("waited in vain: " + what);
		std::this_thread::sleep_for(std::chrono::milliseconds(20));
	}
}
