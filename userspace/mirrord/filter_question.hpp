// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_FILTER_QUESTION_HPP
#define IMON_MIRRORD_FILTER_QUESTION_HPP

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings.hpp"

namespace imon::mirrord {

/// Whether some names of the source may be left out.
bool has_filters(const replica_settings &how);

/// Asks rsync which names its filter rules leave out, as nobody else knows their
/// language. They go by names and by what is a directory, so it is asked in a
/// folder of its own with nothing but those names: what the source has does not
/// matter, and what the replica has neither.
class filter_question {
public:
	/// Makes the folder.
	/// @param names  paths; true: a directory's
	/// @throws std::filesystem::filesystem_error
	filter_question(const replica_settings &how,
			const std::map<std::string, bool> &names);
	~filter_question();
	filter_question(const filter_question &) = delete;
	filter_question &operator=(const filter_question &) = delete;

	const std::vector<std::string> &command() const { return command_; }
	const std::string &input() const { return input_; }

	/// Takes in a line that it printed.
	void take_line(std::string_view line);
	/// What is left out, and the pattern that does it; nothing if rsync did
	/// not say so in words that we know.
	std::optional<std::map<std::string, std::string>> left_out() const;

private:
	std::string folder_;
	std::vector<std::string> command_;
	std::string input_;
	std::map<std::string, std::string> hidden_;
};

} // namespace imon::mirrord

#endif
