// SPDX-License-Identifier: GPL-2.0-or-later
#include "setting_values.hpp"

#include <cerrno>
#include <charconv>

#include <imon/error.hpp>

#include "absolute_path.hpp"
#include "instance.hpp"
#include "quantity.hpp"
#include "quote.hpp"

namespace imon::mirrord {

namespace {

struct back_end_name {
	back_end events;
	const char *name;
};

constexpr back_end_name back_ends[] = {{back_end::any, "auto"},
				       {back_end::imon, "imon"},
				       {back_end::fanotify, "fanotify"}};

[[noreturn]] void refuse(const std::string &text, const std::string &why)
{
	throw error(EINVAL, "'" + quote(text) + "' " + why);
}

} // namespace

taker name_to(std::string &name)
{
	return [&name](const std::string &text) {
		check_name(text);
		name = text;
	};
}

taker program_to(std::string &program)
{
	return [&program](const std::string &text) {
		if (text.empty() || (text.find('/') != std::string::npos &&
				     !text.starts_with('/')))
			refuse(text, "is neither the name of a program nor an "
				     "absolute path");
		program = text;
	};
}

taker path_to(std::string &path)
{
	return [&path](const std::string &text) {
		if (!text.starts_with('/'))
			refuse(text, "is no absolute path; begin it with a "
				     "slash");
		path = absolute_path(text);
	};
}

taker metrics_to(std::optional<std::string> &metrics)
{
	return [&metrics](const std::string &text) {
		const std::size_t colon = text.rfind(':');
		const std::string port = colon == std::string::npos
						 ? ""
						 : text.substr(colon + 1);
		unsigned short number = 0;
		const char *end = port.data() + port.size();
		const auto [rest, failure] =
			std::from_chars(port.data(), end, number);
		if (failure != std::errc() || rest != end || number == 0)
			refuse(text, "is no address and port; write it as in "
				     "localhost:9641");
		metrics = text;
	};
}

taker rate_to(std::uint64_t &rate)
{
	return [&rate](const std::string &text) { rate = parse_rate(text); };
}

taker seconds_to(std::chrono::seconds &time)
{
	return [&time](const std::string &text) {
		const auto given = parse_duration(text);
		const auto whole =
			std::chrono::duration_cast<std::chrono::seconds>(given);
		if (whole != given)
			refuse(text, "is not a number of whole seconds");
		time = whole;
	};
}

taker window_to(std::chrono::milliseconds &window)
{
	return [&window](const std::string &text) {
		const auto given = parse_duration(text);
		if (given > std::chrono::minutes(1))
			refuse(text, "is longer than a minute");
		window = given;
	};
}

taker back_end_to(back_end &events)
{
	return [&events](const std::string &text) {
		for (const back_end_name &b : back_ends)
			if (text == b.name) {
				events = b.events;
				return;
			}
		refuse(text, "tells of no events; there are auto, imon and "
			     "fanotify");
	};
}

std::string back_end_text(back_end events)
{
	for (const back_end_name &b : back_ends)
		if (b.events == events)
			return b.name;
	return {};
}

} // namespace imon::mirrord
