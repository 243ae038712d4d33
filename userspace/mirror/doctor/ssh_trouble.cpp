// SPDX-License-Identifier: GPL-2.0-or-later
#include "ssh_trouble.hpp"

#include <string_view>

#include "file_name.hpp"

namespace imon::mirror {

namespace {

struct sign {
	std::string_view complaint;
	const char *what;
	const char *mend; ///< and then the host
};

// The first that is found counts: what ssh says next follows from it.
constexpr sign signs[] = {
	{"IDENTIFICATION HAS CHANGED", "its host key is another than before",
	 "if that is right: ssh-keygen -R "},
	{"Host key verification failed", "its host key is not known here",
	 "compare the key that you are shown: ssh "},
	{"Permission denied", "it wants a password, or lets nobody in",
	 "ssh-copy-id "},
	{"Could not resolve", "its name is not known", "getent hosts "},
	{"Connection refused", "no ssh server listens there", "start sshd on "},
	{"timed out", "it does not answer", "ping "},
	{"No route to host", "it cannot be reached", "ping "},
	{"unreachable", "it cannot be reached", "ping "},
};

/// Without the path, and the brackets of an IPv6 address.
std::string host_of(const std::string &target)
{
	const std::size_t bracket = target.find(']');
	std::string host = target.substr(
		0, target.find(':', bracket == target.npos ? 0 : bracket));
	std::erase_if(host, [](char c) { return c == '[' || c == ']'; });
	return tools::quoted_name(host);
}

} // namespace

std::optional<trouble> ssh_trouble(const mirrord::destination &to,
				   const mirrord::exit_report &end)
{
	constexpr int no_connection = 255;
	if (to.by != mirrord::destination::way::shell)
		return {};
	const std::string host = host_of(to.target);
	for (const sign &s : signs)
		if (end.status != 0 &&
		    end.message.find(s.complaint) != std::string::npos)
			return trouble{s.what, s.mend + host};
	if (end.status != no_connection)
		return {};
	const std::string_view said = end.message;
	return trouble{"ssh failed: " + tools::quoted_name(said.substr(
						0, said.find_first_of("\r\n"))),
		       "ssh " + host};
}

} // namespace imon::mirror
