// SPDX-License-Identifier: GPL-2.0-or-later
//
// Random work and random accidents, SEEDS times from SEED on; afterwards each
// replica is identical. A seed that fails is said, to be run alone.
#include <cstdlib>

#include "chaos.hpp"
#include "tap.hpp"

int main()
{
	const char *given = std::getenv("SEEDS");
	const int seeds = given ? std::atoi(given) : 2;
	return tap::run(seeds, [seeds] {
		const stage s("mirror_chaos");
		const host away("away", 1, s.directory("away"),
				s.directory("away"));
		const std::uint32_t first = seed();
		for (std::uint32_t n = first;
		     n < first + static_cast<std::uint32_t>(seeds); n++) {
			tap::note("SEED=" + std::to_string(n));
			chaos c(s, away, n);
			c.rage();
			const std::string diff = c.outcome();
			tap::ok(diff.empty(),
				"all identical after SEED=" + std::to_string(n),
				diff);
		}
	});
}
