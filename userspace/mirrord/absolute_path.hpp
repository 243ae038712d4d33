// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_ABSOLUTE_PATH_HPP
#define IMON_MIRRORD_ABSOLUTE_PATH_HPP

#include <filesystem>
#include <string>

namespace imon::mirrord {

/// A path from the root directory, without dots and without a slash at its end.
inline std::string absolute_path(const std::string &path)
{
	std::string text =
		std::filesystem::absolute(path).lexically_normal().string();
	while (text.size() > 1 && text.back() == '/')
		text.pop_back();
	return text;
}

} // namespace imon::mirrord

#endif
