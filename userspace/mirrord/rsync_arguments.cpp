// SPDX-License-Identifier: GPL-2.0-or-later
#include "rsync_arguments.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include <imon/error.hpp>

#include "quote.hpp"

namespace imon::mirrord {

void check_rsync_option(const std::string &option)
{
	if (option.size() < 2 || option.front() != '-' || option == "--")
		throw error(
			EINVAL,
			"'" + quote(option) +
				"' is no option of rsync; options begin "
				"with a dash, and have their value after =");
	const std::string_view name =
		std::string_view(option).substr(0, option.find('='));
	constexpr std::string_view harmful[] = {
		"-n",
		"--dry-run",
		"--list-only",
		"--files-from",
		"--only-write-batch",
		"--remove-source-files",
		"--ignore-errors",
	};
	if (std::find(std::begin(harmful), std::end(harmful), name) !=
	    std::end(harmful))
		throw error(EINVAL,
			    "'" + quote(option) +
				    "' would leave replicas that only seem "
				    "identical, or harm the source; drop it");
}

/// Of the rules that take no pattern, and of those that do, the short names
/// and the long ones.
static bool is_rule(std::string_view name, bool alone)
{
	constexpr std::string_view without[] = {"!", "clear"};
	constexpr std::string_view with[] = {
		"-",	"+",	".",	   ":",	      "H",     "S",
		"P",	"R",	"exclude", "include", "merge", "dir-merge",
		"hide", "show", "protect", "risk"};
	return alone ? std::find(std::begin(without), std::end(without),
				 name) != std::end(without)
		     : std::find(std::begin(with), std::end(with), name) !=
			       std::end(with);
}

void check_filter(const std::string &rule)
{
	const std::string_view text = rule;
	const std::size_t end = text.find_first_of(" _");
	const bool alone = end == std::string_view::npos;
	// Signs after the name change what it means: "-!", "dir-merge,n".
	std::string_view name = text.substr(0, end);
	name = name.substr(0, name.find(','));
	constexpr std::string_view one_sign = "-+.:HSPR";
	if (!name.empty() && one_sign.find(name.front()) != std::string::npos &&
	    name.find_first_not_of("/!CsrpxewWn+-", 1) == std::string::npos)
		name = name.substr(0, 1);
	if (is_rule(name, alone) && (alone || end + 1 < text.size()))
		return;
	throw error(EINVAL, "'" + quote(rule) +
				    "' is no filter rule of rsync; to leave "
				    "names out, write '- PATTERN'");
}

} // namespace imon::mirrord
