// SPDX-License-Identifier: GPL-2.0-or-later
//
// Lists that were spoiled at random. Each is refused or comes out as it went
// in: what is understood says exactly one thing, and nothing reads or counts past
// an end. SEED=N repeats a run, ROUNDS=N makes it longer.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <vector>

#include "op_list.hpp"
#include "request.hpp"

namespace apply = imon::apply;
using namespace std::string_literals;

namespace {

unsigned long number(const char *name, unsigned long otherwise)
{
	const char *text = std::getenv(name);
	return text ? std::strtoul(text, nullptr, 10) : otherwise;
}

class spoiler {
public:
	explicit spoiler(unsigned long seed)
		: random_(static_cast<std::uint_fast32_t>(seed))
	{
	}

	std::string valid()
	{
		std::vector<imon::mirrord::move> moves(below(4));
		for (auto &m : moves)
			m = {path(),
			     path(),
			     below(2) ? 0100000u : 0040000u,
			     below(1000),
			     static_cast<std::int64_t>(below(1000)) - 500,
			     below(2) == 0};
		switch (below(8)) {
		case 0:
			return imon::mirrord::probe_list();
		case 1:
			return imon::mirrord::expire_list({});
		default:
			return imon::mirrord::op_list(moves);
		}
	}

	void spoil(std::string &list)
	{
		const std::size_t at = below(list.size() + 1);
		switch (below(5)) {
		case 0:
			list.erase(at, below(8));
			break;
		case 1:
			list.insert(at, piece());
			break;
		case 2:
			list.insert(at, list.substr(below(list.size() + 1),
						    below(64)));
			break;
		case 3:
			list.insert(at, below(5000), 'x');
			break;
		default:
			if (at < list.size())
				list[at] = static_cast<char>(below(256));
		}
	}

	std::size_t below(std::size_t limit) { return random_() % limit; }

private:
	std::string path()
	{
		std::string text = "a";
		for (std::size_t i = below(4); i > 0; i--)
			text += piece().substr(0, below(3)) + "/b";
		return text;
	}

	std::string piece()
	{
		static const std::string all[] = {
			"\0"s,	  "\0\0"s, "../"s,
			"/"s,	  "."s,	   "-"s,
			"\n"s,	  "move"s, "expire"s,
			"probe"s, "999"s,  "\xff\x7f"s,
			" "s,	  "f"s,	   "18446744073709551616"s,
		};
		return all[below(std::size(all))];
	}

	std::minstd_rand random_;
};

/// What is not a plain operation has to be read back by the test above.
std::string written_again(const apply::request &all)
{
	std::vector<imon::mirrord::move> moves;
	for (const apply::operation &o : all)
		if (const auto *m = std::get_if<apply::move>(&o))
			moves.push_back({m->old_path, m->new_path, m->type,
					 m->size, m->mtime_ns, m->replace});
	return moves.size() == all.size() ? imon::mirrord::op_list(moves) : "";
}

/// Numbers may be written in more than one way.
std::string without_zeros(std::string list)
{
	std::erase(list, '0');
	std::erase(list, '-');
	return list;
}

TEST(parse_request, of_spoiled_lists)
{
	const unsigned long seed = number("SEED", std::random_device{}());
	SCOPED_TRACE("SEED=" + std::to_string(seed));
	spoiler random(seed);
	for (unsigned long i = number("ROUNDS", 20'000); i > 0; i--) {
		std::string list = random.valid();
		for (std::size_t n = random.below(4); n > 0; n--)
			random.spoil(list);
		// With nothing behind it, not even a string's last zero.
		const std::vector<char> exact(list.begin(), list.end());
		const std::string_view text(exact.data(), exact.size());
		try {
			const std::string again =
				written_again(apply::parse_request(text));
			if (!again.empty()) {
				ASSERT_EQ(without_zeros(again),
					  without_zeros(list));
			}
		} catch (const apply::refusal &r) {
			ASSERT_STRNE(r.what(), "");
		}
		imon::mirrord::parse_apply(text, 3);
		imon::mirrord::parse_probe(text);
	}
}

} // namespace
