// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_FILE_NAME_HPP
#define IMON_TOOLS_FILE_NAME_HPP

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace imon::tools {

/// A file name, which is any bytes, for a terminal: as it is where it can be
/// mistaken for nothing else; otherwise in double quotes with the escapes of C,
/// bytes that are no printable UTF-8 in octal.
std::string quoted_name(std::string_view name);

/// A file name for JSON: under @p key when it is valid UTF-8, otherwise
/// Base64-encoded under @p key with "_b64" after it.
void put_name(nlohmann::ordered_json &object, const std::string &key,
	      const std::string &name);

/// What put_name() has put there; empty when there is nothing, or no name.
std::string get_name(const nlohmann::ordered_json &object,
		     const std::string &key);

} // namespace imon::tools

#endif
