// SPDX-License-Identifier: GPL-2.0-or-later
#include "apply_command.hpp"

#include <cerrno>

#include <imon/error.hpp>

#include "quote.hpp"
#include "shell_word.hpp"

namespace imon::mirrord {

std::vector<std::string> split_rsh(std::string_view command)
{
	std::vector<std::string> words;
	bool inside = false; // of a word
	char open = 0;	     // the quote
	for (std::size_t i = 0; i < command.size(); i++) {
		const char c = command[i];
		if (c == ' ' && !open) {
			inside = false;
			continue;
		}
		if (!inside)
			words.emplace_back();
		inside = true;
		if (open ? c != open : c != '\'' && c != '"')
			words.back() += c;
		else if (!open)
			open = c;
		else if (command.substr(i + 1, 1) == std::string(1, c))
			words.back() += command[++i];
		else
			open = 0;
	}
	if (open || words.empty())
		throw error(EINVAL, "'" + quote(command) +
					    "' is no remote shell: " +
					    (open ? "a quote is not closed"
						  : "it is empty") +
					    "; see --rsh in imon-mirrord(8)");
	return words;
}

/// @param target  HOST:PATH/ or USER@HOST:PATH/; an IPv6 address is in brackets
static std::vector<std::string> over_shell(const replica_settings &r,
					   std::string_view target)
{
	const std::size_t bracket = target.find(']');
	const std::size_t colon = target.find(
		':', bracket == std::string_view::npos ? 0 : bracket);
	std::string_view host = target.substr(0, colon);
	const std::string_view path = target.substr(colon + 1);
	std::vector<std::string> argv = split_rsh(r.rsh);
	if (const auto at = host.rfind('@'); at != std::string_view::npos) {
		argv.insert(argv.end(),
			    {"-l", std::string(host.substr(0, at))});
		host.remove_prefix(at + 1);
	}
	if (host.starts_with('['))
		host = host.substr(1, host.size() - 2);
	argv.insert(argv.end(),
		    {std::string(host),
		     shell_word(r.apply) + " -- " + shell_word(path)});
	return argv;
}

std::vector<std::string> apply_command(const replica_settings &r)
{
	if (r.apply.empty() || r.where.by == destination::way::rsyncd)
		return {};
	if (r.where.by == destination::way::local)
		return {r.apply, "--", r.where.target};
	return over_shell(r, r.where.target);
}

} // namespace imon::mirrord
