// SPDX-License-Identifier: GPL-2.0-or-later
#include "rsync_arguments.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include <imon/error.hpp>

#include "quote.hpp"

namespace imon::mirrord {

/// Those in the tree's directories rsync reads when it compares a tree, and not
/// for a listed path: what they leave out would be sent whenever it changes. Any
/// other file it takes for one rule, as a list of names that end in zero bytes
/// makes it expect that of all files.
[[noreturn]] static void refuse_rules_in_files(const std::string &what)
{
	throw error(EINVAL,
		    "'" + quote(what) +
			    "' takes rules from files, which do not hold for "
			    "single changes; write the rules themselves, one "
			    "filter each");
}

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
	if (name == "--filter")
		check_filter(option.substr(
			std::min(name.size() + 1, option.size())));
	constexpr std::string_view in_files[] = {
		"-C",  "--cvs-exclude",	 "-F",
		"-FF", "--exclude-from", "--include-from"};
	if (std::find(std::begin(in_files), std::end(in_files), name) !=
	    std::end(in_files))
		refuse_rules_in_files(option);
}

/// The short names and the long ones.
static bool is_rule(std::string_view name)
{
	constexpr std::string_view names[] = {
		"-",	   "+",	      "H",    "S",    "P",	 "R",
		"exclude", "include", "hide", "show", "protect", "risk"};
	return std::find(std::begin(names), std::end(names), name) !=
	       std::end(names);
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
	if (name == ":" || name == "dir-merge" || name == "." ||
	    name == "merge")
		refuse_rules_in_files(rule);
	if (name == "!" || name == "clear")
		throw error(EINVAL, "'" + quote(rule) +
					    "' clears all rules, also those of "
					    "imon-mirrord; leave out those "
					    "before it instead");
	if (is_rule(name) && !alone && end + 1 < text.size())
		return;
	throw error(EINVAL, "'" + quote(rule) +
				    "' is no filter rule of rsync; to leave "
				    "names out, write '- PATTERN'");
}

} // namespace imon::mirrord
