// SPDX-License-Identifier: GPL-2.0-or-later
#include "table.hpp"

#include <algorithm>

namespace imon::mirror {

/// Characters, not bytes.
static std::size_t width(const std::string &text)
{
	return static_cast<std::size_t>(
		std::count_if(text.begin(), text.end(),
			      [](char c) { return (c & 0xc0) != 0x80; }));
}

table::table(const std::vector<std::string> &titles)
{
	std::vector<std::string> head;
	for (const std::string &title : titles) {
		right_.push_back(title.starts_with('>'));
		head.push_back(title.substr(right_.back() ? 1 : 0));
	}
	rows_.push_back(std::move(head));
}

void table::add(std::vector<std::string> row)
{
	rows_.push_back(std::move(row));
}

std::string table::text(const std::string &indent) const
{
	std::vector<std::size_t> widths(right_.size());
	for (const auto &row : rows_)
		for (std::size_t i = 0; i < row.size(); i++)
			widths[i] = std::max(widths[i], width(row[i]));
	std::string out;
	for (const auto &row : rows_) {
		std::string line = indent;
		for (std::size_t i = 0; i < row.size(); i++) {
			const std::string fill(widths[i] - width(row[i]), ' ');
			line += (i ? "  " : "") +
				(right_[i] ? fill + row[i] : row[i] + fill);
		}
		line.erase(line.find_last_not_of(' ') + 1);
		out += line + '\n';
	}
	return out;
}

} // namespace imon::mirror
