// SPDX-License-Identifier: GPL-2.0-or-later
// The only way to toml++, whose 3.3 asserts what a mistaken file can break, as
// "[[[" does: instead of ending the program, these assertions throw.
#ifndef IMON_MIRRORD_TOML_HPP
#define IMON_MIRRORD_TOML_HPP

#include <stdexcept>

namespace imon::mirrord {

[[noreturn]] inline void break_off(const char *expectation)
{
	throw std::logic_error(expectation);
}

} // namespace imon::mirrord

#undef NDEBUG // with it they would be promises to the compiler
#define TOML_ASSERT(expression) \
	((expression) ? void() : imon::mirrord::break_off(#expression))
#include <toml++/toml.h>

#endif
