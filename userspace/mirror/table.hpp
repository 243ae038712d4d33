// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRROR_TABLE_HPP
#define IMON_MIRROR_TABLE_HPP

#include <cstddef>
#include <string>
#include <vector>

namespace imon::mirror {

/// Text in columns, as wide as what is in them.
class table {
public:
	/// @param titles  one that begins with '>' is of a column of numbers
	explicit table(const std::vector<std::string> &titles);

	void add(std::vector<std::string> row);
	/// @param indent  what each line begins with
	std::string text(const std::string &indent) const;

private:
	std::vector<bool> right_;
	std::vector<std::vector<std::string>> rows_;
};

} // namespace imon::mirror

#endif
