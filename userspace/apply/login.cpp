// SPDX-License-Identifier: GPL-2.0-or-later
#include "login.hpp"

#include "mirrord/shell_word.hpp"
#include "protocol.hpp"

namespace imon::apply {

wish understand(std::string_view command, std::string directory)
{
	const std::size_t blank = command.find(' ');
	std::string_view name = command.substr(0, blank);
	name.remove_prefix(name.rfind('/') + 1);
	if (name != program)
		return wish::other;
	// imon-mirrord writes it with a slash at the end.
	while (directory.size() > 1 && directory.ends_with('/'))
		directory.pop_back();
	for (const std::string &form : {directory, directory + '/'})
		if (blank != std::string_view::npos &&
		    command.substr(blank) == " -- " + mirrord::shell_word(form))
			return wish::this_program;
	return wish::elsewhere;
}

} // namespace imon::apply
