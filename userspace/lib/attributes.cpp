// SPDX-License-Identifier: LGPL-2.1-or-later
#include "attributes.hpp"

#include <algorithm>
#include <cstring>

namespace imon {

namespace {

constexpr std::size_t align(std::size_t length)
{
	return (length + NLA_ALIGNTO - 1) & ~std::size_t{NLA_ALIGNTO - 1};
}

/// Stands for an attribute that is there twice: none has this length.
constexpr std::byte twice[NLA_HDRLEN]{};

} // namespace

void put_attribute(bytes &out, unsigned type, byte_view payload)
{
	const auto at = out.size();
	const auto length = NLA_HDRLEN + payload.size();
	nlattr header{};
	header.nla_len = static_cast<std::uint16_t>(length);
	header.nla_type = static_cast<std::uint16_t>(type);
	out.resize(at + align(length));
	std::memcpy(&out[at], &header, sizeof header);
	if (!payload.empty())
		std::memcpy(&out[at + NLA_HDRLEN], payload.data(),
			    payload.size());
}

attribute_reader::attribute_reader(byte_view rest)
{
	nlattr header{};
	while (rest.size() >= sizeof header) {
		std::memcpy(&header, rest.data(), sizeof header);
		const std::size_t length = header.nla_len;
		if (length < NLA_HDRLEN || length > rest.size())
			break;
		const unsigned type = header.nla_type & NLA_TYPE_MASK;
		if (type < found_.size())
			found_[type] = found_[type] ? twice : rest.data();
		rest = rest.subspan(std::min(align(length), rest.size()));
	}
	ok_ = rest.empty();
}

attribute_reader &attribute_reader::optional(unsigned type, std::string &value)
{
	if (!has(type))
		return *this;
	const std::string_view text = payload(type);
	// One NUL, and that at the end.
	if (!text.empty() && text.find('\0') == text.size() - 1)
		value = text.substr(0, text.size() - 1);
	else
		ok_ = false;
	return *this;
}

} // namespace imon
