// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_WORD_OPTION_HPP
#define IMON_TOOLS_WORD_OPTION_HPP

#include <cstdint>
#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace imon::tools {

/// Declares an option that takes a word. @p take gets it; an error that it
/// throws is wrong usage.
/// @param type  how the help calls the word
void add_word_option(CLI::App &app, const char *option, const char *type,
		     const char *help,
		     std::function<void(const std::string &)> take);

} // namespace imon::tools

#endif
