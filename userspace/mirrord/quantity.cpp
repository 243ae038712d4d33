// SPDX-License-Identifier: GPL-2.0-or-later
#include "quantity.hpp"

#include <cerrno>
#include <charconv>
#include <span>

#include <imon/error.hpp>

#include "quote.hpp"

namespace imon::mirrord {

namespace {

struct unit {
	std::string_view name;
	std::uint64_t size;
};

constexpr std::uint64_t day = 86'400'000;
constexpr unit times[] = {{"ms", 1},	    {"s", 1000}, {"m", 60'000},
			  {"h", 3'600'000}, {"d", day},	 {"w", 7 * day}};
constexpr std::uint64_t longest = 3653 * day;

constexpr unit rates[] = {{"K", 1}, {"M", 1 << 10}, {"G", 1 << 20}};
constexpr std::uint64_t fastest = std::uint64_t{1} << 30;

std::uint64_t parse(std::string_view text, std::span<const unit> units,
		    std::uint64_t limit, const char *what)
{
	if (text == "0")
		return 0;
	std::uint64_t number = 0;
	const char *end = text.data() + text.size();
	const auto [rest, failure] = std::from_chars(text.data(), end, number);
	const std::string_view suffix(rest, end);
	for (const unit &u : units) {
		if (failure != std::errc() || suffix != u.name)
			continue;
		if (number > limit / u.size)
			throw error(EINVAL,
				    "'" + quote(text) + "' is too much");
		return number * u.size;
	}
	throw error(EINVAL, "'" + quote(text) + "' is no " + what);
}

std::string in_words(std::uint64_t amount, std::span<const unit> units)
{
	if (amount == 0)
		return "0";
	std::size_t i = units.size() - 1;
	while (amount % units[i].size != 0)
		--i;
	return std::to_string(amount / units[i].size) +
	       std::string(units[i].name);
}

} // namespace

std::chrono::milliseconds parse_duration(std::string_view text)
{
	return std::chrono::milliseconds(parse(
		text, times, longest,
		"time; write a number and one of ms, s, m, h, d, w, as in 5ms"));
}

std::uint64_t parse_rate(std::string_view text)
{
	return parse(
		text, rates, fastest,
		"rate; write a number of bytes a second and one of K, M, G, as in 10M");
}

std::string duration_text(std::chrono::milliseconds time)
{
	return in_words(static_cast<std::uint64_t>(time.count()), times);
}

std::string rate_text(std::uint64_t kib)
{
	return in_words(kib, rates);
}

} // namespace imon::mirrord
