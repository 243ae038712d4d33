// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_PROCESS_HPP
#define IMON_TESTS_PROCESS_HPP

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// A program that runs in a session of its own; it ends with this object.
class process {
public:
	/// @param environment  NAME=VALUE to add
	/// @param prepare      called in the new process, before the program
	explicit process(
		const std::vector<std::string> &argv,
		const std::vector<std::string> &environment = {},
		const std::function<void()> &prepare = [] {});
	process(process &&other) noexcept;
	~process();

	pid_t id() const { return pid_; }
	void signal(int number) const;
	/// Waits for its end. @return the exit status, 128 + n for a signal
	int wait();
	/// As wait(), or nothing if it is not over in time.
	std::optional<int> wait_for(std::chrono::seconds limit);

private:
	pid_t pid_;
};

/// Runs a program to its end and returns all that it printed, on both.
/// @throws std::runtime_error with that when it fails
std::string run(const std::vector<std::string> &argv);

/// Signals every process of that name but one. @return how many
int signal_all(const std::string &program, int number, pid_t but = 0);

/// Where there is no event to await: asks until it is so.
/// @throws std::runtime_error when it is not in time
void await(const std::string &what, const std::function<bool()> &condition,
	   std::chrono::seconds limit = std::chrono::seconds(200));

#endif
