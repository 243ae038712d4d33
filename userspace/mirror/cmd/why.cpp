// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "../arguments.hpp"
#include "../command.hpp"
#include "../left_out.hpp"
#include "../status_text.hpp"
#include "report_json.hpp"
#include "settings_json.hpp"
#include "standard_output.hpp"

namespace imon::mirror {

namespace {

using json = nlohmann::ordered_json;

/// Links are left alone: they are what is mirrored.
std::string absolute_path(const std::string &path)
{
	return std::filesystem::absolute(path).lexically_normal().string();
}

int why(const arguments &args, const std::string &path)
{
	auto request = args.request;
	request.path = absolute_path(path);
	daemon_link daemon = args.connect();
	auto paths = mirrord::paths_of(daemon.ask(request).at("paths"));
	request.command = "settings";
	mark_left_out(paths,
		      mirrord::settings_of(daemon.ask(request).at("settings")));
	if (args.json)
		tools::print(json{{"paths", mirrord::as_json(paths)}}.dump(2) +
			     '\n');
	else
		for (const auto &p : paths)
			tools::print(why_text(p));
	return std::all_of(paths.begin(), paths.end(),
			   [](const auto &p) {
				   return p.state == "up to date" ||
					  p.state == "filtered";
			   })
		       ? yes
		       : no;
}

} // namespace

action declare_why(CLI::App &app)
{
	auto args = std::make_shared<arguments>();
	auto path = std::make_shared<std::string>();
	args->request.command = "why";
	add_common(app, *args);
	add_selection(app, *args);
	app.add_option("PATH", *path, "The file or directory")->required();
	return [args, path] { return why(*args, *path); };
}

} // namespace imon::mirror
