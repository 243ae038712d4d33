// SPDX-License-Identifier: GPL-2.0-or-later
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "../arguments.hpp"
#include "../command.hpp"
#include "../wording.hpp"
#include "file_name.hpp"
#include "quantity.hpp"
#include "report_json.hpp"
#include "standard_output.hpp"

namespace imon::mirror {

namespace {

/// The replicas that lack something, with what they are at.
std::string laggards(const arguments &args)
{
	mirrord::control_request request = args.request;
	request.command = "status";
	const auto answer = args.connect().ask(request);
	std::string text;
	for (const auto &m : mirrord::mirrors_of(answer.at("mirrors")))
		for (const auto &r : m.replicas)
			if (r.state != "in sync")
				text += (text.empty() ? "; see: " : ", ") +
					tools::quoted_name(r.name) + " is " +
					r.state;
	return text;
}

std::string text_of(const nlohmann::ordered_json &answer)
{
	const auto holding = answer.at("holding").get<std::uint64_t>();
	return count_text(holding) + " of " +
	       count_of(answer.at("meant").get<std::uint64_t>(), "replica") +
	       (holding == 1 ? " holds" : " hold") + " all that happened";
}

int wait(const arguments &args, const std::string &timeout)
{
	std::optional<daemon_link::clock::time_point> deadline;
	if (!timeout.empty())
		deadline = daemon_link::clock::now() +
			   mirrord::parse_duration(timeout);
	daemon_link daemon = args.connect();
	auto answer = daemon.ask(args.request);
	while (!answer.at("reached").get<bool>()) {
		auto more = daemon.next(deadline);
		if (!more)
			break;
		answer = std::move(*more);
	}
	const bool reached = answer.at("reached").get<bool>();
	if (args.json)
		tools::print(answer.dump() + '\n');
	else
		tools::print(text_of(answer) +
			     (reached ? "" : " in time" + laggards(args)) +
			     '\n');
	return reached ? yes : no;
}

} // namespace

action declare_wait(CLI::App &app)
{
	auto args = std::make_shared<arguments>();
	auto timeout = std::make_shared<std::string>();
	auto all = std::make_shared<bool>(false);
	args->request.command = "wait";
	add_common(app, *args);
	add_selection(app, *args);
	auto *const quorum =
		app.add_option("--quorum", args->request.quorum,
			       "For that many replicas of each mirror")
			->check(CLI::PositiveNumber);
	app.add_flag("--all", *all, "For all replicas (the default)")
		->excludes(quorum);
	app.add_option("--timeout", *timeout,
		       "At most so long, as in 30s or 5m (default: for ever)");
	return [args, timeout, all] { return wait(*args, *timeout); };
}

} // namespace imon::mirror
