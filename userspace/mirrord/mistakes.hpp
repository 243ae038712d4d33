// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_MISTAKES_HPP
#define IMON_MIRRORD_MISTAKES_HPP

#include <map>
#include <string>
#include <utility>

namespace imon::mirrord {

/// What is wrong with a file, all of it, so that it can be mended in one go.
class mistakes {
public:
	explicit mistakes(std::string file)
		: file_(std::move(file))
	{
	}

	/// @param sentence  printable: quote() is for its makers
	void add(unsigned line, std::string sentence)
	{
		found_.emplace(line, std::move(sentence));
	}

	/// @throws error EINVAL with "FILE:LINE: SENTENCE" for each, in the
	/// order of their lines, if there is one
	void raise() const;

private:
	std::string file_;
	std::multimap<unsigned, std::string> found_;
};

} // namespace imon::mirrord

#endif
