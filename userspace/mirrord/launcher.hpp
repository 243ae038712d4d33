// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_LAUNCHER_HPP
#define IMON_MIRRORD_LAUNCHER_HPP

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace imon::mirrord {

/// How a program ended.
struct exit_report {
	/// Its exit status; 128 + n when signal n ended it; -1 when it could
	/// not be started.
	int status = 0;
	/// The beginning and the end of what it wrote to standard error, or why it
	/// did not start.
	std::string message;
};

/// A program that runs; dropping it kills it.
class job {
public:
	virtual ~job() = default;
	/// Asks it to end.
	virtual void terminate() = 0;
};

/// Starts programs inside the source directory.
class launcher {
public:
	using done = std::function<void(const exit_report &)>;
	using output = std::function<void(std::string_view)>;

	virtual ~launcher() = default;

	/// @param input   its standard input
	/// @param printed gets what comes on standard output
	/// @param ended   called once, from the event loop, never from here
	virtual std::unique_ptr<job> start(const std::vector<std::string> &argv,
					   std::string input, output printed,
					   done ended) = 0;
};

} // namespace imon::mirrord

#endif
