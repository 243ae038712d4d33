// SPDX-License-Identifier: GPL-2.0-or-later
#include "word_option.hpp"

#include <CLI/CLI.hpp>

#include <imon/error.hpp>

namespace imon::tools {

void add_word_option(CLI::App &app, const char *option, const char *type,
		     const char *help,
		     std::function<void(const std::string &)> take)
{
	app.add_option_function<std::string>(
		   option,
		   [option, take = std::move(take)](const std::string &word) {
			   try {
				   take(word);
			   } catch (const error &e) {
				   throw CLI::ValidationError(option,
							      e.sentence());
			   }
		   },
		   help)
		->type_name(type);
}

} // namespace imon::tools
