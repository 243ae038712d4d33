// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_APPLY_LOGIN_HPP
#define IMON_APPLY_LOGIN_HPP

#include <string>
#include <string_view>

namespace imon::apply {

/// What one who comes with a key that is bound to a command asks for.
enum class wish {
	this_program, ///< for the directory that the key is for
	elsewhere,    ///< for another one
	other,	      ///< another program
};

/// Only compares.
/// @param command    what ssh was asked to run
/// @param directory  what the key is for
wish understand(std::string_view command, std::string directory);

} // namespace imon::apply

#endif
