// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_WRITERS_HPP
#define IMON_TESTS_WRITERS_HPP

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <thread>
#include <vector>

/// Three users who work on one tree at random, all at once: create, write,
/// append, truncate, chmod, rename files and directories, link, symlink,
/// delete one or a whole directory, move into the tree and out of it.
class writers {
public:
	/// @param outside     where things are moved out to and in from
	/// @param operations  how many must succeed, of all together
	writers(const std::filesystem::path &tree,
		const std::filesystem::path &outside, std::uint32_t seed,
		int operations);
	~writers() { join(); }

	/// Waits for their end.
	void join();
	/// Waits until that many operations have succeeded.
	void await(int operations) const;

private:
	std::atomic<int> done_ = 0;
	std::vector<std::thread> threads_;
};

#endif
