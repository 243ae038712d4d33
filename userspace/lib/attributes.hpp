// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_LIB_ATTRIBUTES_HPP
#define IMON_LIB_ATTRIBUTES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

	attribute_reader &optional(unsigned type, std::uint32_t &value);
	attribute_reader &optional(unsigned type, std::uint64_t &value);
	/// A string that ends with NUL, which is left out of @p value.
	attribute_reader &optional(unsigned type, std::string &value);
	attribute_reader &optional(unsigned type,
				   std::optional<std::uint32_t> &value);
	/// Bytes as they are.
	attribute_reader &binary(unsigned type,
				 std::optional<std::string> &value);

	bool ok() const noexcept { return ok_; }

private:
	struct slot {
		byte_view payload;
		unsigned seen = 0;
	};

	bool has(unsigned type) const;
	/// The payload, or nothing when absent; twice makes ok() false.
	std::optional<byte_view> payload(unsigned type);
	template <typename T>
	attribute_reader &number(unsigned type, T &value);

	std::array<slot, 32> slots_{};
	bool ok_ = true;
};

} // namespace imon

#endif
