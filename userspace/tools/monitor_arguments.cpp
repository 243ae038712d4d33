// SPDX-License-Identifier: GPL-2.0-or-later
#include "monitor_arguments.hpp"

#include <CLI/CLI.hpp>

#include <imon/error.hpp>

#include "kinds.hpp"

namespace imon::tools {

namespace {

/// An option whose word @p parse turns into @p value.
void add_word(CLI::App &app, const char *option, const char *help,
	      const char *word, std::uint32_t &value,
	      std::uint32_t (*parse)(const std::string &))
{
	app.add_option_function<std::string>(
		   option,
		   [option, parse, &value](const std::string &text) {
			   try {
				   value = parse(text);
			   } catch (const error &e) {
				   throw CLI::ValidationError(option,
							      e.sentence());
			   }
		   },
		   help)
		->type_name(word);
}

} // namespace

void monitor_arguments::declare(CLI::App &app)
{
	add_word(app, "--mode",
		 "What becomes of repeated events: \"log\" keeps the order "
		 "(the default), \"state\" keeps one record per object",
		 "MODE", mode, mode_of);
	add_word(
		app, "--mask",
		"Kinds of events, as create,delete,rename (default: all but exec and exit)",
		"LIST", mask, mask_of);
	app.add_option("--queue", queue_bytes,
		       "Bound of the queue in bytes of kernel memory; K, M and "
		       "G are understood (default: the module's)")
		->transform(CLI::AsSizeValue(false).description(""))
		->type_name("SIZE");
}

} // namespace imon::tools
