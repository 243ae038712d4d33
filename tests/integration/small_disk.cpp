// SPDX-License-Identifier: GPL-2.0-or-later
#include "small_disk.hpp"

#include <sys/mount.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

small_disk::small_disk(std::filesystem::path at, const std::string &size)
	: at_(std::move(at))
{
	mount(0, size);
}

small_disk::~small_disk()
{
	umount2(at_.c_str(), MNT_DETACH);
}

void small_disk::mount(unsigned long flags, const std::string &size)
{
	if (::mount("none", at_.c_str(), "tmpfs", flags,
		    ("size=" + size).c_str()) < 0)
		throw std::system_error(errno, std::generic_category(),
					"mount");
}

void small_disk::resize(const std::string &size)
{
	mount(MS_REMOUNT, size);
}

void small_disk::fill() const
{
	std::ofstream all(at_ / "filler", std::ios::binary | std::ios::app);
	while (all << std::string(4096, 'x') << std::flush)
		;
}

void small_disk::make_room() const
{
	std::filesystem::remove(at_ / "filler");
}
