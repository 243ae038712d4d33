// SPDX-License-Identifier: GPL-2.0-or-later
#include "place.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "../wording.hpp"
#include "file_name.hpp"

namespace imon::mirror {

namespace fs = std::filesystem;

// Of less, a mirror that is in use has nothing left within minutes.
static constexpr std::uint64_t few_bytes = 256 << 20;
static constexpr std::uint64_t few_inodes = 10'000;

finding judge_room(const std::string &about, const room &left)
{
	finding f{.about = about,
		  .what = count_text(left.bytes >> 20) + " MiB free"};
	if (left.inodes)
		f.what += ", " + count_of(*left.inodes, "inode") + " free";
	const bool none = left.bytes == 0 || left.inodes == 0u;
	const bool few = left.bytes < few_bytes ||
			 left.inodes.value_or(few_inodes) < few_inodes;
	if (none || few) {
		f.how = none ? verdict::fail : verdict::warn;
		f.mend = "make room there; see: df -h; df -i";
	}
	return f;
}

finding examine_place(const std::string &about, const std::string &folder,
		      bool may_be_made)
{
	fs::path there = folder;
	std::error_code ignored;
	while (may_be_made && there.has_relative_path() &&
	       !fs::exists(there, ignored))
		there = there.parent_path();
	const std::string name = tools::quoted_name(there.string());
	struct statvfs now {};
	if (!fs::is_directory(there, ignored) ||
	    statvfs(there.c_str(), &now) < 0)
		return {verdict::fail, about, name + " is not there",
			"mkdir -p " + name};
	if (access(there.c_str(), W_OK | X_OK) < 0)
		return {verdict::fail, about,
			name + " cannot be written: " + std::strerror(errno),
			"see: ls -ld " + name + "; findmnt -T " + name};
	room left{std::uint64_t{now.f_bavail} * now.f_frsize};
	if (now.f_files)
		left.inodes = now.f_favail;
	return judge_room(about, left);
}

} // namespace imon::mirror
