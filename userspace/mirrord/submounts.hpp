// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_SUBMOUNTS_HPP
#define IMON_MIRRORD_SUBMOUNTS_HPP

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <imon/source.hpp>

#include "descriptor.hpp"
#include "source_tree.hpp"

namespace imon::mirrord {

/// A filesystem that is, or was, mounted inside of a tree.
struct submount {
	std::uint32_t watch = 0; ///< 0: not mounted, or not watched
	dev_t device = 0;
	ino_t inode = 0; ///< of its root

	bool operator==(const submount &) const = default;
};

/// By path relative to the tree.
using submount_map = std::map<std::string, submount>;

/// What is mounted inside of a tree. Either all of it is left out; or each is
/// watched and mirrored like a directory, and once it was, it is never taken
/// for empty because it is not mounted: what the replicas have of it stays until
/// it is there again.
class submounts {
public:
	/// @param follow  whether they are mirrored
	/// @param known   as a former daemon left them
	/// @param events  must outlive this; its watches may still tell of them
	submounts(const source_tree &tree, source &events, bool follow,
		  submount_map known);

	/// Gets an exceptional condition, POLLPRI, when something is mounted or
	/// unmounted anywhere: also the tree, of which not every back end tells.
	int fd() const { return table_.get(); }
	/// Looks at what is mounted now.
	/// @param root  descriptor of the tree
	/// @return where all has to be compared
	std::vector<std::string> look(int root);

	/// All watches are others now.
	void forget_watches();
	/// Makes the paths of an event relative to the tree.
	/// @return whether it is one of the tree itself, or below it
	bool place(event &e);
	/// Patterns that hide from rsync what is not to be looked at.
	std::vector<std::string> hidden() const;
	/// Keeps all that is not hidden mounted, while these are open in a
	/// program that reads it. What has just gone is hidden.
	std::vector<descriptor> hold(int root);

	const submount_map &known() const { return known_; }
	/// What does not go as it was asked for, a sentence each.
	std::vector<std::string> limits() const;

private:
	bool watch(int root, const std::string &path, submount &m);
	bool unwatch(submount &m);

	const source_tree &tree_;
	source &events_;
	bool follow_;
	descriptor table_;
	submount_map known_;
	/// Watches that ended; they may still tell of something.
	std::set<std::uint32_t> former_;
	std::vector<std::string> ignored_; ///< mounted and not mirrored
	std::map<std::string, std::string> refused_; ///< why, by path
};

} // namespace imon::mirrord

#endif
