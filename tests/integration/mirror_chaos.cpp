// SPDX-License-Identifier: GPL-2.0-or-later
//
// Random work and random accidents, SEEDS times from SEED on; afterwards each
// replica is identical. A seed that fails is said, to be run alone.
#include <cstdlib>

#include "chaos.hpp"
#include "tap.hpp"

namespace {

void rage(const stage &s, const host &away, std::uint32_t seed)
{
	tap::note("SEED=" + std::to_string(seed));
	chaos c(s, away, seed);
	c.rage();
	const std::string diff = c.outcome();
	tap::ok(diff.empty(),
		"all identical after SEED=" + std::to_string(seed), diff);
}

} // namespace

int main()
{
	const char *given = std::getenv("SEEDS");
	const int seeds = given ? std::atoi(given) : 2;
	return tap::run(seeds, [seeds] {
		const stage s("mirror_chaos");
		const host away("away", 1, s.directory("away"),
				s.directory("away"));
		std::vector<std::function<void()>> runs;
		std::uint32_t next = seed();
		for (int i = 0; i < seeds; i++, next++)
			runs.push_back([&, next] { rage(s, away, next); });
		tap::each(runs);
	});
}
