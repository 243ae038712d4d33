// SPDX-License-Identifier: GPL-2.0-or-later
#include "filter_question.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "apply/protocol.hpp"
#include "rsync.hpp"

namespace imon::mirrord {

namespace fs = std::filesystem;

static bool is_any(const std::string &option,
		   std::initializer_list<std::string_view> names)
{
	const std::string_view name =
		std::string_view(option).substr(0, option.find('='));
	return std::find(names.begin(), names.end(), name) != names.end();
}

bool has_filters(const replica_settings &how)
{
	return !how.filters.empty() ||
	       std::any_of(how.rsync_options.begin(), how.rsync_options.end(),
			   [](const std::string &option) {
				   return is_any(option,
						 {"--exclude", "--include",
						  "--filter"});
			   });
}

static std::string make_folder(const fs::path &in)
{
	std::string name = in / "names-XXXXXX";
	if (!mkdtemp(name.data()))
		throw fs::filesystem_error(
			"mkdtemp", name,
			std::error_code(errno, std::generic_category()));
	return name;
}

filter_question::filter_question(const replica_settings &how,
				 const std::map<std::string, bool> &names)
	: folder_(make_folder(how.scratch.empty() ? fs::temp_directory_path()
						  : fs::path(how.scratch)))
{
	replica_settings asked = how;
	asked.where = {destination::way::local, how.where.name, folder_};
	std::erase_if(asked.rsync_options, [](const std::string &option) {
		// Only for a connection, and refused without one.
		return is_any(option, {"--password-file", "--contimeout",
				       "--early-input"});
	});
	command_ = rsync_command(asked, {{"", {.keep = true}}},
				 {.why = rsync_mode::purpose::filter});
	command_.end()[-2] = folder_ + '/';

	// Left out by a rule of ours: whoever does not say so says nothing.
	auto all = names;
	all[apply::trash_folder] = true;
	for (const auto &[path, directory] : all) {
		const fs::path place = fs::path(folder_) / path;
		fs::create_directories(directory ? place : place.parent_path());
		if (!directory)
			std::ofstream{place};
		input_.append("./").append(path).push_back('\0');
	}
}

filter_question::~filter_question()
{
	std::error_code ignored;
	fs::remove_all(folder_, ignored);
}

void filter_question::take_line(std::string_view line)
{
	if (auto hidden = hidden_path(line))
		hidden_.insert(std::move(*hidden));
}

std::optional<std::map<std::string, std::string>> filter_question::left_out()
	const
{
	if (!hidden_.contains(apply::trash_folder))
		return std::nullopt;
	return hidden_;
}

} // namespace imon::mirrord
