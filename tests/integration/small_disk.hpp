// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_SMALL_DISK_HPP
#define IMON_TESTS_SMALL_DISK_HPP

#include <filesystem>
#include <string>

/// A disk of its own that is soon full.
class small_disk {
public:
	/// @param size  as tmpfs takes it
	small_disk(std::filesystem::path at, const std::string &size);
	small_disk(const small_disk &) = delete;
	~small_disk();

	const std::filesystem::path &path() const { return at_; }
	void resize(const std::string &size);
	/// Takes all the room that is left.
	void fill() const;
	void make_room() const;

private:
	void mount(unsigned long flags, const std::string &size);

	std::filesystem::path at_;
};

#endif
