// SPDX-License-Identifier: GPL-2.0-or-later
#include "destination.hpp"

#include <cerrno>
#include <string_view>

#include <imon/error.hpp>

#include "quote.hpp"

namespace imon::mirrord {

static constexpr std::string_view url = "rsync://";

[[noreturn]] static void refuse(const std::string &text, const std::string &why)
{
	throw error(EINVAL, "'" + quote(text) + "' is no destination: " + why +
				    "; see 'imon-mirrord --help'");
}

static std::string with_slash(std::string path)
{
	if (path.back() != '/')
		path += '/';
	return path;
}

/// Where the host ends: an IPv6 address stands in brackets, after the account
/// if there is one.
static std::size_t end_of_host(const std::string &text)
{
	const std::size_t end = text.find_first_of(":/");
	const std::size_t open = text.find('[');
	if (open >= end || (open > 0 && text[open - 1] != '@'))
		return end;
	const std::size_t bracket = text.find(']', open);
	if (bracket == std::string::npos)
		refuse(text, "']' is missing");
	return bracket + 1 == text.size() ? std::string::npos : bracket + 1;
}

static destination parse_url(const std::string &text)
{
	const std::size_t slash = text.find('/', url.size());
	if (slash == url.size())
		refuse(text, "the host is missing");
	if (slash == std::string::npos || slash + 1 == text.size() ||
	    text[slash + 1] == '/')
		refuse(text, "the module is missing");
	return {destination::way::rsyncd, text, with_slash(text)};
}

destination parse_destination(const std::string &text, const std::string &root)
{
	if (text.empty())
		refuse(text, "it is empty");
	if (text.starts_with(url))
		return parse_url(text);
	if (text.front() == '/')
		return {destination::way::local, text, with_slash(text)};

	const std::size_t end = end_of_host(text);
	if (end == 0)
		refuse(text, "the host is missing");
	// ssh would take it for an option.
	const std::string host = text.substr(0, end);
	if (host[host.rfind('@') + 1] == '-')
		refuse(text, "a host does not begin with a dash");
	if (end == std::string::npos)
		return {destination::way::shell, text,
			with_slash(text + ":" + root)};
	if (text[end] != ':')
		refuse(text, "a local path must be absolute");
	if (text.substr(end, 2) == "::") {
		if (end + 2 == text.size() || text[end + 2] == '/')
			refuse(text, "the module is missing");
		return {destination::way::rsyncd, text, with_slash(text)};
	}
	if (end + 1 == text.size())
		refuse(text, "the path is missing");
	return {destination::way::shell, text, with_slash(text)};
}

} // namespace imon::mirrord
