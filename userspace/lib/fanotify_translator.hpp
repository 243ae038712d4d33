// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_LIB_FANOTIFY_TRANSLATOR_HPP
#define IMON_LIB_FANOTIFY_TRANSLATOR_HPP

#include <chrono>
#include <map>
#include <set>
#include <string>

#include <imon/source.hpp>

#include "fanotify_notice.hpp"
#include "whereabouts.hpp"

namespace imon {

/// Makes events of a tree from what fanotify says of a filesystem.
///
/// fanotify names a directory by its handle, and its path is looked up later,
/// when directories may have been renamed since. So a path says where the truth
/// may have changed *now*, and a renamed directory is told as one that went and
/// one that came, which is to be scanned: then, whatever else moved meanwhile,
/// the last move of all that a change was below leads to it.
///
/// A change in a directory that is gone needs nothing but the word that the
/// directory went. If that does not come in time, everything counts as changed.
class fanotify_translator {
public:
	using clock = std::chrono::steady_clock;

	/// Between a removal and its event anything may delay who removes.
	static constexpr std::chrono::seconds patience{10};

	/// @param tell  gets the events, without seq and watch
	fanotify_translator(whereabouts &tree, source::handler tell)
		: tree_(tree)
		, tell_(std::move(tell))
	{
	}

	void take_in(const fanotify_notice &n);
	/// All that was there has been taken in.
	/// @return whether to call again when the patience is over
	bool settle(clock::time_point now);
	/// Everything counts as changed.
	void lose(const std::string &why);
	/// Why everything counted as changed since the last call; or empty.
	std::string lost();

private:
	whereabouts::place find(const handle_entry &entry);
	void look_above(const fanotify_notice &n,
			const whereabouts::place &moved);
	void changed(const fanotify_notice &n);
	void renamed(const fanotify_notice &n);
	void directory_changed(const fanotify_notice &n,
			       const whereabouts::place &at);
	void file_changed(const fanotify_notice &n,
			  const whereabouts::place &at);
	void tell(const fanotify_notice &n, const whereabouts::object &what,
		  std::uint32_t mask, const std::string &path);

	whereabouts &tree_;
	source::handler tell_;
	/// Handles of directories that are gone, and since when that is known.
	std::map<std::string, clock::time_point> missing_;
	/// Handles of directories that were said to be removed.
	std::set<std::string> removed_;
	std::string lost_;
};

} // namespace imon

#endif
