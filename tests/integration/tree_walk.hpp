// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_TREE_WALK_HPP
#define IMON_TESTS_TREE_WALK_HPP

#include <filesystem>
#include <string>

/// What differs between two trees, one line each; the tests' own eyes, so
/// that rsync is not the only judge of rsync.
std::string compare_trees(const std::filesystem::path &one,
			  const std::filesystem::path &other);

#endif
