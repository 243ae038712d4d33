// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "../arguments.hpp"
#include "../command.hpp"
#include "../status_text.hpp"
#include "report_json.hpp"
#include "standard_output.hpp"

namespace imon::mirror {

namespace {

/// Links are left alone: they are what is mirrored.
std::string absolute_path(const std::string &path)
{
	return std::filesystem::absolute(path).lexically_normal().string();
}

int why(const arguments &args, const std::string &path)
{
	auto request = args.request;
	request.path = absolute_path(path);
	const auto answer = args.connect().ask(request);
	const auto paths = mirrord::paths_of(answer.at("paths"));
	if (args.json)
		tools::print(answer.dump(2) + '\n');
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
