// SPDX-License-Identifier: GPL-2.0-or-later
#include "standard_output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include <imon/error.hpp>

namespace imon::tools {

namespace {

void check(bool good)
{
	if (good)
		return;
	const int why = errno;
	if (why == EPIPE)
		throw nobody_reads();
	throw error(why, std::string("cannot write to standard output: ") +
				 std::strerror(why));
}

} // namespace

void print(std::string_view text)
{
	check(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
}

void flush()
{
	check(std::fflush(stdout) == 0);
}

} // namespace imon::tools
