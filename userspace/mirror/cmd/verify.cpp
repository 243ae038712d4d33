// SPDX-License-Identifier: GPL-2.0-or-later
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "../arguments.hpp"
#include "../command.hpp"
#include "../wording.hpp"
#include "file_name.hpp"
#include "report_json.hpp"
#include "standard_output.hpp"

namespace imon::mirror {

namespace {

/// Of mirror and replica: when it was verified.
using moments = std::map<std::pair<std::string, std::string>,
			 std::optional<mirrord::wall_time>>;

moments verified(const std::vector<mirrord::mirror_report> &mirrors)
{
	moments all;
	for (const auto &m : mirrors)
		for (const auto &r : m.replicas)
			all[{m.name, r.name}] = r.last_verified;
	return all;
}

/// Those that are there still, each verified anew.
bool is_over(const moments &before, const moments &now)
{
	for (const auto &[which, when] : now)
		if (const auto old = before.find(which);
		    old != before.end() && old->second == when)
			return false;
	return true;
}

int show(const arguments &args, const nlohmann::ordered_json &answer)
{
	std::uint64_t drift = 0;
	for (const auto &m : mirrord::mirrors_of(answer.at("mirrors")))
		for (const auto &r : m.replicas) {
			drift += r.drift;
			if (!args.json)
				tools::print(
					tools::quoted_name(m.name) + " on " +
					tools::quoted_name(r.name) + ": " +
					(r.drift ? count_of(r.drift, "path") +
							   " differed"
						 : "identical") +
					'\n');
		}
	if (args.json)
		tools::print(answer.dump(2) + '\n');
	return drift ? no : yes;
}

int verify(const arguments &args, bool wait)
{
	mirrord::control_request status = args.request;
	status.command = "status";
	status.follow = true;
	daemon_link watching = args.connect();
	auto answer = watching.ask(status);
	const auto before = verified(mirrord::mirrors_of(answer.at("mirrors")));

	const auto begun = args.connect().ask(args.request);
	if (!wait) {
		const auto meant = begun.at("replicas").get<std::uint64_t>();
		tools::print(args.json ? begun.dump() + '\n'
				       : count_of(meant, "replica") +
						 ": compared now; see: "
						 "imon-mirror status\n");
		return yes;
	}
	while (!is_over(before,
			verified(mirrord::mirrors_of(answer.at("mirrors")))))
		answer = *watching.next();
	return show(args, answer);
}

} // namespace

action declare_verify(CLI::App &app)
{
	auto args = std::make_shared<arguments>();
	auto wait = std::make_shared<bool>(false);
	args->request.command = "verify";
	add_common(app, *args);
	add_selection(app, *args);
	app.add_flag("-w,--wait", *wait,
		     "Until it is done, and tell the drift");
	return [args, wait] { return verify(*args, *wait); };
}

} // namespace imon::mirror
