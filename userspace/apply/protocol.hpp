// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_APPLY_PROTOCOL_HPP
#define IMON_APPLY_PROTOCOL_HPP

#include <cstddef>

/// What imon-mirrord and imon-apply have to agree on; imon-apply(8) describes
/// it in full. Names are bytes, hence fields end with NUL.
///
///   request: "imon-apply 1 COUNT\n", then COUNT operations, one of
///            "move" OLD NEW TYPE SIZE MTIME_NS "replace"|"keep"
///            "expire" TIMESTAMP
///            "probe"
///   answer:  "imon-apply 1\n", then for each operation that was tried
///            "NUMBER ok[ DETAILS]\n" or, at the last, "NUMBER failed WHY\n";
///            or only "refused WHY\n".
///
/// The request ends with its last operation: what was cut off or goes on is
/// refused as a whole.
namespace imon::apply {

inline constexpr const char *program = "imon-apply";
inline constexpr const char *version = "1";

inline constexpr std::size_t operations_max = 10'000;
/// Of a field, as the kernel's PATH_MAX without its NUL.
inline constexpr std::size_t field_max = 4095;
/// Of a name in a path.
inline constexpr std::size_t name_max = 255;

/// Where a replica keeps what was deleted: in here, a folder for each batch,
/// called by its time in UTC, like 20260131T235959Z. They sort by age.
inline constexpr const char *trash_folder = ".imon-trash";
inline constexpr const char *trash_time = "%Y%m%dT%H%M%SZ";

} // namespace imon::apply

#endif
