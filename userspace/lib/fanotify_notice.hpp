// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_LIB_FANOTIFY_NOTICE_HPP
#define IMON_LIB_FANOTIFY_NOTICE_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imon {

/// A name in a directory. The directory is given by its handle: the bytes of a
/// struct file_handle.
struct handle_entry {
	std::string directory;
	std::string name; ///< "." for the directory itself

	bool operator==(const handle_entry &) const = default;
};

/// One event of fanotify.
struct fanotify_notice {
	/// Why nobody knows what happened, for messages; then nothing else is
	/// set. Else empty.
	std::string lost{};
	std::uint64_t mask = 0;	  ///< FAN_*
	std::string filesystem{}; ///< the bytes of its fsid
	std::optional<handle_entry> at{};
	std::optional<handle_entry> moved_to{};
	std::string object{}; ///< a handle; empty: none was given

	bool operator==(const fanotify_notice &) const = default;
};

/// Takes apart what was read from fanotify. What makes no sense is told as lost.
std::vector<fanotify_notice> parse_notices(std::string_view bytes);

} // namespace imon

#endif
