// SPDX-License-Identifier: GPL-2.0-or-later
// Spoiled configurations: read or refused, never anything else.
#include "config.hpp"

#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include <imon/error.hpp>

#include "instance.hpp"
#include "settings_text.hpp"

using namespace imon::mirrord;

namespace {

constexpr std::string_view good = R"(# many ways to write a value
instance = "farm"
filters = ["- *.swp", '''- a''', """+ \u0041"""]
bandwidth = "10M"
guard = { deletions = 0x1F4, percent = 5 }
[[mirror]]
root = "/var/www"
window = "20ms"
submounts = true
hooks.before = ["/usr/bin/lock", "a b"]
[mirror.verify]
every = "1w"
[[mirror.replica]]
to = "web2"
trash = "7d"
[[mirror.replica]]
to = "/mnt/replica"
[[mirror]]
root = "/srv"
replica = [{ to = "rsync://web3/srv", rsync-options = ["-z"] }]
)";

/// What a parser stumbles over.
constexpr std::string_view pieces[] = {"[",
				       "]",
				       "[[",
				       "]]",
				       "{",
				       "}",
				       "=",
				       ".",
				       ",",
				       "\"",
				       "'",
				       "\"\"\"",
				       "'''",
				       "\\",
				       "\\u",
				       "\\U00110000",
				       "\n",
				       "\r",
				       "\t",
				       "#",
				       "0x",
				       "1e",
				       "inf",
				       "true",
				       "-",
				       "_",
				       ":",
				       "\xef\xbb\xbf",
				       "\xff",
				       "\xed\xa0\x80",
				       "99999999999999999999",
				       "1979-05-27T07:32:00Z",
				       "07:32",
				       "mirror",
				       "replica",
				       "root",
				       "to",
				       "'/'",
				       "'..'",
				       "[[mirror]]\n",
				       "[[mirror.replica]]\n"};

class spoiler {
public:
	explicit spoiler(unsigned seed)
		: random_(seed)
	{
	}

	std::string make()
	{
		std::string text(good);
		for (std::size_t n = below(8); n > 0; --n)
			spoil(text);
		return text;
	}

private:
	std::size_t below(std::size_t limit) { return random_() % limit; }

	void spoil(std::string &text)
	{
		const std::size_t at = below(text.size() + 1);
		const std::size_t from = below(text.size() + 1);
		switch (below(6)) {
		case 0:
			text.insert(at, pieces[below(std::size(pieces))]);
			break;
		case 1:
			text.erase(at, below(20));
			break;
		case 2:
			text.insert(at, text.substr(from, below(40)));
			break;
		case 3:
			text.insert(at, 1, static_cast<char>(below(256)));
			break;
		case 4: // deeper than a stack
			text.insert(at, below(20'000), "[{."[below(3)]);
			break;
		default:
			text.resize(at);
		}
	}

	std::mt19937 random_;
};

/// @return whether it was read
bool reads(const std::string &text)
{
	try {
		settings all = parse_config(text, "m.toml");
		complete(all);
		EXPECT_EQ(parse_config(as_toml(all), "again").mirrors,
			  all.mirrors)
			<< text;
		return true;
	} catch (const imon::error &e) {
		EXPECT_TRUE(e.sentence().starts_with("m.toml"))
			<< e.sentence() << "\nof:\n"
			<< text;
		return false;
	}
}

unsigned number_from(const char *variable, unsigned otherwise)
{
	const char *text = std::getenv(variable);
	return text ? static_cast<unsigned>(std::strtoul(text, nullptr, 10))
		    : otherwise;
}

TEST(config_fuzz, begins_with_what_is_read)
{
	EXPECT_TRUE(reads(std::string(good)));
}

TEST(config_fuzz, spoiled_files_are_read_or_refused)
{
	const unsigned seed = number_from("SEED", std::random_device{}());
	std::printf("# SEED=%u\n", seed);
	spoiler files(seed);
	unsigned read = 0;
	const unsigned runs = number_from("RUNS", 2000);
	for (unsigned i = 0; i < runs; ++i)
		read += reads(files.make());
	std::printf("# %u of %u were read\n", read, runs);
}

} // namespace
