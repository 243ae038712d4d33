// SPDX-License-Identifier: LGPL-2.1-or-later
#include "attributes.hpp"

#include <cstring>

#include <linux/netlink.h>

namespace imon {

namespace {

constexpr std::size_t align(std::size_t length)
{
	return (length + NLA_ALIGNTO - 1) & ~std::size_t{NLA_ALIGNTO - 1};
}

std::string to_string(byte_view data)
{
	std::string out(data.size(), '\0');
	if (!data.empty())
		std::memcpy(out.data(), data.data(), data.size());
	return out;
}

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
	while (!rest.empty()) {
		nlattr header{};
		if (rest.size() < sizeof header) {
			ok_ = false;
			return;
		}
		std::memcpy(&header, rest.data(), sizeof header);
		const std::size_t length = header.nla_len;
		if (length < NLA_HDRLEN || length > rest.size()) {
			ok_ = false;
			return;
		}
		const unsigned type = header.nla_type & NLA_TYPE_MASK;
		if (type < slots_.size()) {
			slots_[type].payload =
				rest.subspan(NLA_HDRLEN, length - NLA_HDRLEN);
			slots_[type].seen++;
		}
		rest = rest.subspan(std::min(align(length), rest.size()));
	}
}

bool attribute_reader::has(unsigned type) const
{
	return type < slots_.size() && slots_[type].seen > 0;
}

std::optional<byte_view> attribute_reader::payload(unsigned type)
{
	if (!has(type))
		return std::nullopt;
	if (slots_[type].seen > 1)
		ok_ = false;
	return slots_[type].payload;
}

template <typename T>
attribute_reader &attribute_reader::number(unsigned type, T &value)
{
	if (const auto data = payload(type)) {
		if (data->size() == sizeof value)
			std::memcpy(&value, data->data(), sizeof value);
		else
			ok_ = false;
	}
	return *this;
}

attribute_reader &attribute_reader::optional(unsigned type,
					     std::uint32_t &value)
{
	return number(type, value);
}

attribute_reader &attribute_reader::optional(unsigned type,
					     std::uint64_t &value)
{
	return number(type, value);
}

attribute_reader &attribute_reader::optional(unsigned type, std::string &value)
{
	if (const auto data = payload(type)) {
		const auto text = to_string(*data);
		// One NUL, and that at the end.
		if (!text.empty() && text.find('\0') == text.size() - 1)
			value = text.substr(0, text.size() - 1);
		else
			ok_ = false;
	}
	return *this;
}

attribute_reader &attribute_reader::optional(
	unsigned type, std::optional<std::uint32_t> &value)
{
	if (has(type))
		number(type, value.emplace());
	return *this;
}

attribute_reader &attribute_reader::binary(unsigned type,
					   std::optional<std::string> &value)
{
	if (const auto data = payload(type))
		value = to_string(*data);
	return *this;
}

} // namespace imon
