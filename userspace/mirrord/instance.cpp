// SPDX-License-Identifier: GPL-2.0-or-later
#include "instance.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include <imon/error.hpp>

#include "quote.hpp"

namespace imon::mirrord {

static bool fits_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

void check_name(const std::string &name)
{
	if (name.empty() || name.size() > name_max || name.front() == '.' ||
	    name.front() == '-' ||
	    !std::all_of(name.begin(), name.end(), fits_name))
		throw error(
			EINVAL,
			"'" + quote(name) + "' is no name; use up to " +
				std::to_string(name_max) +
				" letters, digits, dots, dashes and underlines, "
				"and begin with none of the first two signs");
}

/// FNV-1a, in hexadecimal.
static std::string hash(const std::string &text)
{
	std::uint32_t value = 2166136261;
	for (const char c : text)
		value = (value ^ static_cast<unsigned char>(c)) * 16777619;
	std::string digits;
	for (int shift = 28; shift >= 0; shift -= 4)
		digits += "0123456789abcdef"[(value >> shift) & 15];
	return digits;
}

std::string default_name(const std::string &root)
{
	std::string name;
	// A dash could also have been a slash.
	bool exact = root.find('-') == std::string::npos;
	for (const char c : root.substr(1)) {
		exact = exact && (c == '/' || fits_name(c));
		name += c == '/' ? '-' : fits_name(c) ? c : '_';
	}
	exact = exact && !name.empty() && name.front() != '.' &&
		name.size() <= name_max;
	if (exact)
		return name;
	const std::string mark = "-" + hash(root);
	name = name.substr(0, name_max - mark.size()) + mark;
	if (name.front() == '.' || name.front() == '-')
		name.front() = '_';
	return name;
}

/// The first of the folders that the service manager made.
static std::string given(const char *variable)
{
	const char *list = std::getenv(variable);
	const std::string text = list ? list : "";
	return text.substr(0, text.find(':'));
}

std::string default_state_directory(uid_t user)
{
	if (const std::string folder = given("STATE_DIRECTORY");
	    !folder.empty())
		return folder;
	if (user == 0)
		return "/var/lib/imon-mirrord";
	if (const char *state = std::getenv("XDG_STATE_HOME"); state && *state)
		return std::string(state) + "/imon-mirrord";
	const char *home = std::getenv("HOME");
	if (!home || !*home)
		throw error(EINVAL,
			    "HOME is not set; say with --state where journals "
			    "are to be kept");
	return std::string(home) + "/.local/state/imon-mirrord";
}

std::string default_control_socket(uid_t user, const std::string &instance)
{
	std::string folder = given("RUNTIME_DIRECTORY");
	if (folder.empty()) {
		const char *runtime = std::getenv("XDG_RUNTIME_DIR");
		folder = user == 0 ? "/run"
			 : runtime && *runtime
				 ? runtime
				 : "/run/user/" + std::to_string(user);
		folder += "/imon-mirrord";
	}
	return folder + "/" + instance + ".sock";
}

void complete(settings &all)
{
	if (all.instance.empty() && !all.mirrors.empty())
		all.instance = all.mirrors.front().name;
	if (all.state_directory.empty())
		all.state_directory = default_state_directory(getuid());
	if (all.control_socket.empty())
		all.control_socket =
			default_control_socket(getuid(), all.instance);
}

} // namespace imon::mirrord
