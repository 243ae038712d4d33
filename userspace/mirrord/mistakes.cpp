// SPDX-License-Identifier: GPL-2.0-or-later
#include "mistakes.hpp"

#include <cerrno>

#include <imon/error.hpp>

#include "quote.hpp"

namespace imon::mirrord {

void mistakes::raise() const
{
	if (found_.empty())
		return;
	std::string all;
	if (found_.size() > 1)
		all = quote(file_) + " has " + std::to_string(found_.size()) +
		      " mistakes:\n";
	for (const auto &[line, sentence] : found_)
		all += quote(file_) + ":" + std::to_string(line) + ": " +
		       sentence + "\n";
	all.pop_back();
	throw error(EINVAL, all);
}

} // namespace imon::mirrord
