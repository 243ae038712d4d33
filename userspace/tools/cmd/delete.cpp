// SPDX-License-Identifier: GPL-2.0-or-later
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include <imon/admin.hpp>

#include "../command.hpp"
#include "../named_monitor.hpp"

namespace imon::tools {

action declare_delete(CLI::App &app)
{
	auto name = std::make_shared<std::string>();
	app.add_option("NAME", *name, "The monitor's name")->required();
	return [name] {
		with_monitor(*name, [&] { admin().remove(*name); });
		return success;
	};
}

} // namespace imon::tools
