// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_SHELL_WORD_HPP
#define IMON_MIRRORD_SHELL_WORD_HPP

#include <string>
#include <string_view>

namespace imon::mirrord {

/// As one word for any Bourne shell.
inline std::string shell_word(std::string_view bytes)
{
	constexpr std::string_view plain =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		"/._-";
	// An account's home may lead a path, as rsync has it.
	const std::string_view rest = bytes.substr(bytes.starts_with('~'));
	if (!bytes.empty() &&
	    rest.find_first_not_of(plain) == std::string_view::npos)
		return std::string(bytes);
	std::string word = "'";
	for (const char c : bytes)
		word += c == '\'' ? "'\\''" : std::string(1, c);
	return word + "'";
}

} // namespace imon::mirrord

#endif
