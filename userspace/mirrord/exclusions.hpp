// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_EXCLUSIONS_HPP
#define IMON_MIRRORD_EXCLUSIONS_HPP

#include <memory>
#include <set>
#include <string>

#include "backlog.hpp"
#include "filter_question.hpp"

namespace imon::mirrord {

/// The directories that a replica's filters leave out.
///
/// rsync does not descend into them when it compares a tree; of a listed path
/// it only looks at the path itself, and would send what lies in them. So it is
/// asked about the directories first, once about each.
class exclusions {
public:
	explicit exclusions(const replica_settings &how)
		: how_(how)
	{
	}

	/// Whether rsync has to be asked, before it is known what of these paths
	/// is left out: question() is for it then.
	/// @param root  descriptor of the source
	bool must_ask(int root, const tasks &batch,
		      const std::set<std::string> &more);
	filter_question &question() const { return *question_; }
	/// It was asked.
	/// @return whether the answer made sense
	bool learn();

	/// Whether the path lies in a directory that is left out, or was one and is
	/// gone.
	bool hide(int root, const std::string &path) const;

private:
	/// Bound of what is remembered.
	static constexpr std::size_t known_max = 100'000;

	const replica_settings &how_;
	std::set<std::string> known_, hidden_, asked_;
	std::unique_ptr<filter_question> question_;
};

} // namespace imon::mirrord

#endif
