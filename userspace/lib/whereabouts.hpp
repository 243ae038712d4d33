// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_LIB_WHEREABOUTS_HPP
#define IMON_LIB_WHEREABOUTS_HPP

#include <cstdint>
#include <string>

namespace imon {

/// Where in a tree the objects of a filesystem are now, by their handles.
class whereabouts {
public:
	virtual ~whereabouts() = default;

	enum class state {
		inside,	 ///< of the tree, at a path
		outside, ///< of the tree
		gone,	 ///< removed
		unknown, ///< nobody can say
	};

	struct place {
		state is = state::unknown;
		/// Relative to the root when inside, absolute when outside.
		std::string path{};
		int error = 0; ///< errno, when unknown
	};

	/// What is known of an object but its path.
	struct object {
		state is = state::unknown; ///< or gone, or anything else
		std::uint32_t type = 0;	   ///< S_IFMT bits
		std::uint64_t inode = 0, device = 0, links = 0;
		int error = 0; ///< errno, when unknown
	};

	virtual place directory(const std::string &handle) = 0;
	/// A name of something that is no directory, of which there may be
	/// several; unknown when the kernel has none at hand.
	virtual place file(const std::string &handle) = 0;
	virtual object look_at(const std::string &handle) = 0;
	/// Whether this is what is at a path.
	virtual bool is_at(const std::string &path, const object &what) = 0;
	/// Whether the object is on the same filesystem, or subvolume, as the
	/// root.
	virtual bool is_native(const object &what) = 0;
	/// Whether a path outside leads to the root.
	virtual bool is_above(const std::string &absolute) const = 0;
};

} // namespace imon

#endif
