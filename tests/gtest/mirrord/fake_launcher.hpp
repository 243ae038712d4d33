// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_FAKE_LAUNCHER_HPP
#define IMON_TESTS_FAKE_LAUNCHER_HPP

#include <deque>

#include "launcher.hpp"

/// Starts nothing; the test says how each program ends.
class fake_launcher final : public imon::mirrord::launcher {
public:
	struct call {
		std::vector<std::string> argv;
		std::string input;
		output printed;
		done ended;
		bool terminated = false;
	};

	std::unique_ptr<imon::mirrord::job> start(
		const std::vector<std::string> &argv, std::string input,
		output printed, done ended) override
	{
		calls.push_back({argv, std::move(input), std::move(printed),
				 std::move(ended)});
		return std::make_unique<job>(calls.back());
	}

	/// Ends the program that was started last.
	void end(int status, const std::string &message = {})
	{
		calls.back().ended({status, message});
	}

	std::deque<call> calls;

private:
	struct job final : imon::mirrord::job {
		explicit job(call &c)
			: mine(c)
		{
		}
		void terminate() override { mine.terminated = true; }
		call &mine;
	};
};

#endif
