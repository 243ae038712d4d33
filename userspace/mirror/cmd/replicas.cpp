// SPDX-License-Identifier: GPL-2.0-or-later
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "../arguments.hpp"
#include "../command.hpp"
#include "../table.hpp"
#include "file_name.hpp"
#include "settings_json.hpp"
#include "standard_output.hpp"

namespace imon::mirror {

namespace {

const char *way_name(mirrord::destination::way by)
{
	switch (by) {
	case mirrord::destination::way::local:
		return "on this machine";
	case mirrord::destination::way::shell:
		return "over ssh";
	case mirrord::destination::way::rsyncd:
		return "rsync daemon";
	}
	return "";
}

int replicas(const arguments &args)
{
	const auto answer = args.connect().ask(args.request).at("settings");
	if (args.json) {
		tools::print(answer.at("mirrors").dump(2) + '\n');
		return yes;
	}
	table all({"MIRROR", "ROOT", "REPLICA", "WHERE", "HOW"});
	for (const auto &m : mirrord::settings_of(answer).mirrors)
		for (const auto &r : m.replicas)
			all.add({tools::quoted_name(m.name),
				 tools::quoted_name(m.root),
				 tools::quoted_name(r.where.name),
				 tools::quoted_name(r.where.target),
				 way_name(r.where.by)});
	tools::print(all.text(""));
	return yes;
}

} // namespace

action declare_replicas(CLI::App &app)
{
	auto args = std::make_shared<arguments>();
	args->request.command = "settings";
	add_common(app, *args);
	return [args] { return replicas(*args); };
}

} // namespace imon::mirror
