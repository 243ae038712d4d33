// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_TRIAL_HPP
#define IMON_MIRROR_TRIAL_HPP

#include <chrono>
#include <ctime>
#include <string>
#include <vector>

#include "launcher.hpp"

namespace imon::mirror {

/// A program to be run to see what becomes of it; without arguments none is.
struct trial {
	std::vector<std::string> argv;
	std::string input{};
};

struct trial_result {
	/// Its status is -1 as well when it did not end in time.
	mirrord::exit_report end{};
	std::string output{}; ///< the beginning of it
	std::time_t begun = 0, ended = 0;
};

/// Runs all of them at the same time.
std::vector<trial_result> run(const std::vector<trial> &all,
			      std::chrono::seconds limit);

} // namespace imon::mirror

#endif
