// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_SURVEY_HPP
#define IMON_MIRRORD_SURVEY_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "backlog.hpp"
#include "rename.hpp"

namespace imon::mirrord {

// What the source is like now. @p root is always a descriptor of it.

/// What is at a path; nothing when nothing is.
std::optional<source_object> object_at(int root, const std::string &path);

/// Whether the directory has no entries.
bool is_empty(int root);

/// Whether there are at least so many names in the tree.
bool has_names(int root, std::uint64_t at_least);

/// How many of the paths of a batch are not there.
std::size_t count_missing(int root, const tasks &batch);

/// Where in the tree the inodes' names are. Reads every directory, but
/// nothing about the files.
std::multimap<std::uint64_t, std::string> names_of(
	int root, const std::set<std::uint64_t> &inodes);

/// All names of those files with several names of which the batch has some: only
/// together they stay links of each other.
std::set<std::string> names_outside(int root, const tasks &batch);

} // namespace imon::mirrord

#endif
