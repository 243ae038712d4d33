// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_LIB_ATTRIBUTES_HPP
#define IMON_LIB_ATTRIBUTES_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <linux/netlink.h>

namespace imon {

using bytes = std::vector<std::byte>;
using byte_view = std::span<const std::byte>;

/// Appends one netlink attribute, padded to the netlink alignment.
void put_attribute(bytes &out, unsigned type, byte_view payload);

/// Reads a sequence of netlink attributes into typed variables.
///
/// Takes any bytes. What is not well-formed (an attribute longer than the
/// rest, of the wrong size, there twice, or missing though required) makes
/// ok() false; types that nobody asks for are skipped.
class attribute_reader {
public:
	explicit attribute_reader(byte_view attributes);

	template <typename T>
	attribute_reader &required(unsigned type, T &value)
	{
		if (!has(type))
			ok_ = false;
		return optional(type, value);
	}

	/// A number of the size of @p value.
	template <std::unsigned_integral T>
	attribute_reader &optional(unsigned type, T &value)
	{
		if (!has(type))
			return *this;
		const std::string_view data = payload(type);
		if (data.size() == sizeof value)
			std::memcpy(&value, data.data(), sizeof value);
		else
			ok_ = false;
		return *this;
	}

	template <std::unsigned_integral T>
	attribute_reader &optional(unsigned type, std::optional<T> &value)
	{
		return has(type) ? optional(type, value.emplace()) : *this;
	}

	/// A string that ends with NUL, which is left out of @p value.
	attribute_reader &optional(unsigned type, std::string &value);

	/// Bytes as they are.
	attribute_reader &binary(unsigned type,
				 std::optional<std::string> &value)
	{
		if (has(type))
			value.emplace(payload(type));
		return *this;
	}

	bool ok() const noexcept { return ok_; }

private:
	bool has(unsigned type) const
	{
		return type < found_.size() && found_[type];
	}

	/// Of what is there.
	std::string_view payload(unsigned type)
	{
		nlattr header;
		std::memcpy(&header, found_[type], sizeof header);
		const std::size_t length = header.nla_len;
		if (length < NLA_HDRLEN) {
			ok_ = false;
			return {};
		}
		return {reinterpret_cast<const char *>(found_[type]) +
				NLA_HDRLEN,
			length - NLA_HDRLEN};
	}

	/// By type. One that is there twice is replaced by one that is too short.
	std::array<const std::byte *, 32> found_{};
	bool ok_ = true;
};

} // namespace imon

#endif
