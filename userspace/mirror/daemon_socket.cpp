// SPDX-License-Identifier: GPL-2.0-or-later
#include "daemon_socket.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <imon/error.hpp>

#include "daemon_link.hpp"
#include "file_name.hpp"

namespace imon::mirror {

namespace fs = std::filesystem;

std::vector<std::string> runtime_directories()
{
	std::vector<std::string> all = {"/run/imon-mirrord"};
	const char *own = std::getenv("XDG_RUNTIME_DIR");
	if (own && *own)
		all.push_back(std::string(own) + "/imon-mirrord");
	return all;
}

/// A daemon that was killed leaves its socket; one that may not be asked runs.
static bool is_alive(const std::string &socket)
{
	try {
		daemon_link tried(socket);
		return true;
	} catch (const error &e) {
		return e.code().value() == EACCES;
	}
}

std::string find_daemon_socket(const std::string &instance,
			       const std::vector<std::string> &in)
{
	std::vector<std::string> found;
	std::string names, folders;
	for (const std::string &folder : in) {
		folders += (folders.empty() ? "" : " and ") + folder;
		std::error_code none;
		for (const auto &entry : fs::directory_iterator(folder, none)) {
			const fs::path &path = entry.path();
			if (path.extension() != ".sock" ||
			    (!instance.empty() && path.stem() != instance) ||
			    !is_alive(path))
				continue;
			found.push_back(path);
			names += (names.empty() ? "" : " ") +
				 tools::quoted_name(path.stem().string());
		}
	}
	if (found.empty())
		throw error(
			ENOENT,
			"no imon-mirrord " +
				(instance.empty()
					 ? ""
					 : tools::quoted_name(instance) + ' ') +
				"runs (looked into " + folders +
				"); to find out what is missing: "
				"systemctl status imon-mirrord");
	if (found.size() > 1)
		throw error(EINVAL, "several daemons run: " + names +
					    "; choose one with -i NAME");
	return found[0];
}

} // namespace imon::mirror
