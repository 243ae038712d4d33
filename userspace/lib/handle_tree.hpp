// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_LIB_HANDLE_TREE_HPP
#define IMON_LIB_HANDLE_TREE_HPP

#include <map>
#include <string>

#include "open_file.hpp"
#include "whereabouts.hpp"

namespace imon {

/// A directory tree, in which the kernel is asked where objects are.
///
/// Is open only while it is asked, or its filesystem could not be unmounted.
class handle_tree final : public whereabouts {
public:
	/// @throws error  EPERM, or the filesystem has no handles
	explicit handle_tree(int dirfd);

	/// Where it was when it was made.
	const std::string &path() const { return path_; }
	/// The bytes of its fsid.
	const std::string &filesystem() const { return filesystem_; }

	/// @return whether the path still leads to it
	bool open();
	/// Closes it, and forgets where directories are.
	/// @return whether it stayed where it was meanwhile
	bool close();

	place directory(const std::string &handle) override;
	place file(const std::string &handle) override;
	object look_at(const std::string &handle) override;
	bool is_at(const std::string &path, const object &what) override;
	bool is_native(const object &what) override;
	bool is_above(const std::string &absolute) const override;

private:
	place relative(const std::string &absolute) const;

	std::string path_, filesystem_, handle_;
	open_file root_;
	std::uint64_t device_ = 0;
	std::map<std::string, place> directories_;
};

} // namespace imon

#endif
