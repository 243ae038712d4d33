// SPDX-License-Identifier: GPL-2.0-or-later
#include "file_name.hpp"

#include <cstddef>
#include <cstdint>

#include <nlohmann/json.hpp>

namespace imon::tools {

namespace {

constexpr std::uint8_t byte_at(std::string_view text, std::size_t i)
{
	return static_cast<std::uint8_t>(text[i]);
}

/// A character of well-formed UTF-8.
struct character {
	std::size_t length = 0; ///< in bytes; 0: not well-formed
	std::uint32_t code = 0;
};

/// @return the first character of @p text, which is not empty
character decode(std::string_view text)
{
	const auto first = byte_at(text, 0);
	if (first < 0x80)
		return {1, first};
	const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first > 0xf4 || text.size() < length)
		return {};
	std::uint32_t code = first & (0xffU >> (length + 1));
	for (std::size_t i = 1; i < length; i++) {
		if ((byte_at(text, i) & 0xc0) != 0x80)
			return {};
		code = code << 6 | (byte_at(text, i) & 0x3fU);
	}
	constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	if (code < least[length] || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000))
		return {};
	return {length, code};
}

bool is_utf8(std::string_view text)
{
	while (!text.empty()) {
		const auto c = decode(text);
		if (!c.length)
			return false;
		text.remove_prefix(c.length);
	}
	return true;
}

/// Control characters would work on the terminal instead of showing; so would
/// those that change the direction of writing.
bool is_printable(std::uint32_t code)
{
	return code >= 0x20 && !(code >= 0x7f && code < 0xa0) &&
	       !(code >= 0x2028 && code <= 0x202e) &&
	       !(code >= 0x2066 && code <= 0x2069);
}

std::string octal(std::string_view raw)
{
	std::string out;
	for (std::size_t i = 0; i < raw.size(); i++) {
		const auto b = byte_at(raw, i);
		out += '\\';
		out += static_cast<char>('0' + (b >> 6));
		out += static_cast<char>('0' + (b >> 3 & 7));
		out += static_cast<char>('0' + (b & 7));
	}
	return out;
}

/// The escape of C for an ASCII character, or 0.
char escape_letter(std::uint32_t code)
{
	switch (code) {
	case '\n':
		return 'n';
	case '\t':
		return 't';
	case '\r':
		return 'r';
	case '"':
	case '\\':
		return static_cast<char>(code);
	default:
		return 0;
	}
}

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(std::string_view data)
{
	std::string out;
	for (std::size_t i = 0; i < data.size(); i += 3) {
		const auto left = data.size() - i;
		const std::uint32_t bits =
			static_cast<std::uint32_t>(byte_at(data, i)) << 16 |
			(left > 1 ? byte_at(data, i + 1) : 0U) << 8 |
			(left > 2 ? byte_at(data, i + 2) : 0U);
		out += digits[bits >> 18];
		out += digits[bits >> 12 & 63];
		out += left > 1 ? digits[bits >> 6 & 63] : '=';
		out += left > 2 ? digits[bits & 63] : '=';
	}
	return out;
}

/// Up to the first character that is no digit, as the padding is.
std::string bytes_of_base64(std::string_view text)
{
	std::string out;
	std::uint32_t bits = 0;
	unsigned known = 0;
	for (const char c : text) {
		const auto digit = digits.find(c);
		if (digit == digits.npos)
			break;
		bits = bits << 6 | static_cast<std::uint32_t>(digit);
		known += 6;
		if (known >= 8)
			out += static_cast<char>(bits >> (known -= 8) & 0xff);
	}
	return out;
}

} // namespace

std::string quoted_name(std::string_view name)
{
	std::string out;
	// A parenthesis begins our own remarks.
	bool plain = !name.empty() && name.front() != '(';
	for (auto rest = name; !rest.empty();) {
		const auto c = decode(rest);
		const auto raw = rest.substr(0, c.length ? c.length : 1);
		rest.remove_prefix(raw.size());
		const char letter = c.length ? escape_letter(c.code) : '\0';
		if (letter) {
			out += '\\';
			out += letter;
		} else if (c.length && is_printable(c.code)) {
			out += raw;
			plain = plain && c.code != ' ';
			continue;
		} else {
			out += octal(raw);
		}
		plain = false;
	}
	return plain ? out : '"' + out + '"';
}

void put_name(nlohmann::ordered_json &object, const std::string &key,
	      const std::string &name)
{
	if (is_utf8(name))
		object[key] = name;
	else
		object[key + "_b64"] = base64(name);
}

std::string get_name(const nlohmann::ordered_json &object,
		     const std::string &key)
{
	const auto plain = object.find(key);
	if (plain != object.end())
		return plain->is_string() ? plain->get<std::string>() : "";
	const auto encoded = object.find(key + "_b64");
	if (encoded == object.end() || !encoded->is_string())
		return {};
	return bytes_of_base64(encoded->get<std::string>());
}

} // namespace imon::tools
