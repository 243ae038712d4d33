// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_APPLY_REQUEST_HPP
#define IMON_APPLY_REQUEST_HPP

#include <sys/types.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol.hpp"

namespace imon::apply {

struct move {
	std::string old_path, new_path;
	mode_t type = 0; ///< S_IFMT bits
	std::uint64_t size = 0;
	std::int64_t mtime_ns = 0;
	bool replace = true;
};

struct expire {
	std::string older_than; ///< a time stamp
};

struct probe {};

using operation = std::variant<move, expire, probe>;
using request = std::vector<operation>;

/// Why a request is refused as a whole, before anything was done.
class refusal : public std::runtime_error {
public:
	refusal(const std::string &why, bool version_differs = false)
		: std::runtime_error(why)
		, other_version(version_differs)
	{
	}

	bool other_version;
};

/// More than any request has.
inline constexpr std::size_t request_max =
	64 + operations_max * (2 * (field_max + 1) + 64);

/// Takes any bytes.
/// @throws refusal
request parse_request(std::string_view input);

/// Whether it is a name that a folder of the trash may have.
bool is_time_stamp(std::string_view name);

} // namespace imon::apply

#endif
