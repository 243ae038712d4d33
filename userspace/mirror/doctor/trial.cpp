// SPDX-License-Identifier: GPL-2.0-or-later
#include "trial.hpp"

#include <algorithm>
#include <memory>
#include <string_view>

#include "child.hpp"

namespace imon::mirror {

static constexpr std::size_t output_max = 1 << 16;

std::vector<trial_result> run(const std::vector<trial> &all,
			      std::chrono::seconds limit)
{
	mirrord::poller loop;
	const mirrord::source_tree anywhere("/");
	mirrord::child_launcher programs(loop, anywhere);
	std::vector<trial_result> results(
		all.size(),
		{.end = {-1, "no answer within " +
				     std::to_string(limit.count()) + " s"},
		 .begun = std::time(nullptr)});
	std::vector<std::unique_ptr<mirrord::job>> running;
	std::size_t left = 0;
	for (std::size_t i = 0; i < all.size(); i++) {
		if (all[i].argv.empty())
			continue;
		trial_result &r = results[i];
		left++;
		running.push_back(programs.start(
			all[i].argv, all[i].input,
			[&r](std::string_view chunk) {
				r.output += chunk.substr(
					0, output_max - r.output.size());
			},
			[&r, &left](const mirrord::exit_report &end) {
				r.end = end;
				r.ended = std::time(nullptr);
				left--;
			}));
	}
	const auto deadline = mirrord::clock::now() + limit;
	while (left && mirrord::clock::now() < deadline)
		loop.wait(deadline);
	return results;
}

} // namespace imon::mirror
