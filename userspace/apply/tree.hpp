// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_APPLY_TREE_HPP
#define IMON_APPLY_TREE_HPP

#include <string>

#include "mirrord/descriptor.hpp"
#include "request.hpp"

namespace imon::apply {

using mirrord::descriptor;

/// Opens a directory, given by a plain relative path, or "." itself. No
/// symbolic link is followed, no mount entered, nothing outside reached,
/// whatever others do meanwhile; none, with errno, when that does not work.
/// @param flags  for open(2), besides O_DIRECTORY and O_CLOEXEC
descriptor open_beneath(int root, const std::string &path, int flags);

/// The errno of open_beneath() or of what was tried in there, for people.
std::string in_words(int errno_value);

/// Renames inside the tree below @p root, after making sure that what is
/// there is what is meant.
/// @return why it was not done; empty: it was
std::string execute(int root, const move &m);

} // namespace imon::apply

#endif
