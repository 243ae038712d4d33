// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_FANOTIFY_SOURCE_HPP
#define IMON_FANOTIFY_SOURCE_HPP

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <imon/source.hpp>

namespace imon {

/// Events without the module, from fanotify (Linux 5.9; 5.17 to be told of
/// renames as such). Takes CAP_SYS_ADMIN and CAP_DAC_READ_SEARCH.
///
/// A path is where the object is when the event is read, not when it happened.
/// A directory that was renamed is told as one that left and one that came, and
/// ino is 0 where it is not known; type only tells directories from others
/// then. limits() has the rest. One thread at a time.
class fanotify_source final : public source {
public:
	/// @throws error  ENOSYS, EINVAL: this kernel cannot do it
	fanotify_source();
	~fanotify_source() override;

	std::string name() const override;
	std::vector<std::string> limits() const override;
	std::uint32_t add_tree(int dirfd, const std::string &label,
			       std::uint32_t mask = 0) override;
	int fd() const noexcept override;
	dispatch_result dispatch(const handler &each) override;
	/// Does nothing: what was handed out does not come again.
	void ack(std::uint64_t seq) override;

private:
	struct group;

	std::unique_ptr<group> group_;
};

} // namespace imon

#endif
