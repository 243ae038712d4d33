// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_QUOTE_HPP
#define IMON_MIRRORD_QUOTE_HPP

#include <string>
#include <string_view>

namespace imon::mirrord {

/// Foreign bytes as one printable line: what is no plain ASCII becomes \ooo.
inline std::string quote(std::string_view bytes)
{
	std::string line;
	for (const char c : bytes) {
		const auto byte = static_cast<unsigned char>(c);
		if (byte >= 0x20 && byte < 0x7f && c != '\\') {
			line += c;
			continue;
		}
		line += '\\';
		for (const int shift : {6, 3, 0})
			line += static_cast<char>('0' + ((byte >> shift) & 7));
	}
	return line;
}

} // namespace imon::mirrord

#endif
