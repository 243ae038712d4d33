// SPDX-License-Identifier: GPL-2.0-or-later
#include "monitor_arguments.hpp"

#include <cerrno>
#include <charconv>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include <imon/error.hpp>

#include "kinds.hpp"
#include "user.hpp"
#include "word_option.hpp"

namespace imon::tools {

namespace {

struct unit {
	std::string_view name;
	std::uint32_t size;
};
using units = std::vector<unit>;

/// "15m", counted in the unit of size 1.
std::uint32_t count_of(const std::string &text, const units &known)
{
	std::uint32_t number = 0;
	const auto *const end = text.data() + text.size();
	const auto [stop, why] = std::from_chars(text.data(), end, number);
	const std::string_view rest(stop, end);
	std::string names;
	for (const auto &u : known) {
		if (why == std::errc() && rest == u.name &&
		    number <= UINT32_MAX / u.size)
			return number * u.size;
		names.append(names.empty() ? "" : ", ").append(u.name);
	}
	throw error(EINVAL, "\"" + text +
				    "\" is no time that fits; give a number "
				    "and a unit, one of " +
				    names);
}

} // namespace

void declare_monitor_arguments(CLI::App &app, monitor_options &options)
{
	add_word_option(app, "--mode", "MODE",
			"What becomes of repeated events: \"log\" keeps the "
			"order (the default), \"state\" keeps one record per "
			"object",
			[&options](const std::string &word) {
				options.mode = mode_of(word);
			});
	app.add_option("--queue", options.queue_bytes,
		       "Bound of the queue in bytes of kernel memory; K, M and "
		       "G are understood (default: the module's)")
		->transform(CLI::AsSizeValue(false).description(""))
		->type_name("SIZE");
	add_word_option(
		app, "--window", "TIME",
		"Shortest time between two wake-ups of the reader, as 500us, "
		"20ms or 1s (default: the module's)",
		[&options](const std::string &word) {
			options.window = std::chrono::microseconds(count_of(
				word,
				{{"us", 1}, {"ms", 1000}, {"s", 1'000'000}}));
		});
	app.add_flag("--actor", options.actor,
		     "Say which process made each change");
}

void declare_detached_arguments(CLI::App &app, monitor_options &options)
{
	add_word_option(app, "--user", "USER",
			"Who may read it instead of you: a name or a number",
			[&options](const std::string &word) {
				options.uid = uid_of(word);
			});
	add_word_option(
		app, "--retention", "TIME",
		"How long it keeps events without a reader, as 90s, 15m, 12h "
		"or 7d (default: for ever)",
		[&options](const std::string &word) {
			options.retention = std::chrono::seconds(
				count_of(word, {{"s", 1},
						{"m", 60},
						{"h", 3600},
						{"d", 86400}}));
		});
}

} // namespace imon::tools
