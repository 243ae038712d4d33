// SPDX-License-Identifier: GPL-2.0-or-later
#include "nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace imon::mirrord {

/// How many letters are to be added, dropped, replaced or exchanged with their
/// neighbour to make @p to of @p from.
static std::size_t distance(std::string_view from, std::string_view to)
{
	// Rows of the usual table: this one, that of one letter less, of two.
	std::vector<std::size_t> row(to.size() + 1), one(row), two(row);
	for (std::size_t j = 0; j <= to.size(); ++j)
		row[j] = j;
	for (std::size_t i = 1; i <= from.size(); ++i) {
		two = std::exchange(one, row);
		row[0] = i;
		for (std::size_t j = 1; j <= to.size(); ++j) {
			const bool same = from[i - 1] == to[j - 1];
			row[j] = std::min({one[j] + 1, row[j - 1] + 1,
					   one[j - 1] + (same ? 0 : 1)});
			if (i > 1 && j > 1 && from[i - 1] == to[j - 2] &&
			    from[i - 2] == to[j - 1])
				row[j] = std::min(row[j], two[j - 2] + 1);
		}
	}
	return row[to.size()];
}

std::optional<std::string> nearest(std::string_view word,
				   const std::vector<std::string> &words)
{
	// No name that is worth a comparison is that long.
	if (word.size() > 64)
		return std::nullopt;
	std::optional<std::string> best;
	// Every third letter may be wrong, and one in a short word.
	std::size_t limit = std::max<std::size_t>(word.size() / 3, 1) + 1;
	for (const std::string &candidate : words) {
		const std::size_t far = distance(word, candidate);
		if (far >= limit)
			continue;
		limit = far;
		best = candidate;
	}
	return best;
}

} // namespace imon::mirrord
