// SPDX-License-Identifier: GPL-2.0-or-later
#include "exclusions.hpp"

#include <utility>

#include "survey.hpp"
#include "tree_path.hpp"

namespace imon::mirrord {

bool exclusions::must_ask(int root, const tasks &batch,
			  const std::set<std::string> &more)
{
	if (!has_filters(how_))
		return false;
	if (known_.size() > known_max) {
		known_.clear();
		hidden_.clear();
	}
	asked_.clear();
	const auto ask = [this](std::string directory) {
		for (; !directory.empty(); directory = above(directory))
			if (known_.contains(directory) ||
			    !asked_.insert(directory).second)
				return;
	};
	for (const auto &[path, t] : batch) {
		ask(above(path));
		// A directory that is gone: rsync would take it for a file.
		if (t.tree && !object_at(root, path))
			ask(path);
	}
	for (const std::string &path : more)
		ask(above(path));
	if (asked_.empty())
		return false;
	std::map<std::string, bool> names;
	for (const std::string &directory : asked_)
		names.emplace(directory, true);
	question_ = std::make_unique<filter_question>(how_, names);
	return true;
}

bool exclusions::learn()
{
	const auto answer = std::exchange(question_, nullptr)->left_out();
	if (!answer)
		return false;
	for (const auto &[path, pattern] : *answer)
		hidden_.insert(path);
	known_.merge(asked_);
	return true;
}

bool exclusions::hide(int root, const std::string &path) const
{
	for (std::string at = above(path); !at.empty(); at = above(at))
		if (hidden_.contains(at))
			return true;
	return hidden_.contains(path) && !object_at(root, path);
}

} // namespace imon::mirrord
