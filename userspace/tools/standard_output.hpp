// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_STANDARD_OUTPUT_HPP
#define IMON_TOOLS_STANDARD_OUTPUT_HPP

#include <string_view>

namespace imon::tools {

/// Thrown when whoever read standard output has gone: no failure of ours, and
/// nothing more to do.
struct nobody_reads {};

/// Appends to standard output; flush() makes it seen.
void print(std::string_view text);

/// @throws nobody_reads, or error when the output cannot be written
void flush();

} // namespace imon::tools

#endif
