// SPDX-License-Identifier: GPL-2.0-or-later
#include <csignal>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <sstream>

#include <CLI/CLI.hpp>
#include <imon/error.hpp>
#include <nlohmann/json.hpp>

#include "../command.hpp"
#include "../doctor/machine.hpp"
#include "../doctor/replica_trials.hpp"
#include "../doctor/source.hpp"
#include "command_line.hpp"
#include "daemon_link.hpp"
#include "daemon_socket.hpp"
#include "settings_json.hpp"
#include "standard_output.hpp"

namespace imon::mirror {

namespace {

constexpr std::chrono::seconds patience(60);

void add(findings &all, findings more)
{
	std::move(more.begin(), more.end(), std::back_inserter(all));
}

/// What imon-mirrord would be run with, by its arguments.
std::optional<mirrord::settings> read_settings(std::vector<std::string> given,
					       findings &all)
{
	given.insert(given.begin(), "imon-mirrord");
	std::vector<char *> argv;
	for (std::string &word : given)
		argv.push_back(word.data());
	try {
		return mirrord::parse_command_line(
			static_cast<int>(argv.size()), argv.data());
	} catch (const error &e) {
		std::istringstream sentences(e.sentence());
		for (std::string line; std::getline(sentences, line);)
			all.push_back({verdict::fail, "configuration", line,
				       "see mirrord.toml(5)"});
		return {};
	}
}

/// What is in force where a daemon runs; nothing when none can be asked.
std::optional<mirrord::settings> ask_for_settings()
{
	mirrord::control_request request;
	request.command = "settings";
	try {
		daemon_link daemon(find_daemon_socket({}));
		return mirrord::settings_of(daemon.ask(request).at("settings"));
	} catch (const error &) {
		return {};
	}
}

/// A daemon that got what it needs from its command line has left it nowhere.
std::optional<mirrord::settings> find_settings(
	const std::vector<std::string> &given, findings &mistakes)
{
	std::optional<mirrord::settings> wanted;
	if (given.empty() && !std::filesystem::exists(mirrord::default_config))
		wanted = ask_for_settings();
	return wanted ? wanted : read_settings(given, mistakes);
}

findings examine_rsyncs(const mirrord::settings &wanted)
{
	std::set<std::string> programs;
	for (const auto &m : wanted.mirrors)
		for (const auto &r : m.replicas)
			programs.insert(r.rsync);
	std::vector<trial> trials;
	for (const std::string &program : programs)
		trials.push_back({{program, "--version"}});
	const auto ends = run(trials, patience);
	findings all;
	auto end = ends.begin();
	for (const std::string &program : programs)
		all.push_back(judge_rsync_here(program, *end++));
	return all;
}

findings examine_replicas(const mirrord::mirror_settings &m)
{
	std::vector<trial> trials;
	for (const auto &r : m.replicas) {
		trials.push_back(apply_trial(r));
		trials.push_back(rsync_trial(r));
		trials.push_back(write_trial(r));
	}
	const auto ends = run(trials, patience);
	findings all;
	auto end = ends.begin();
	for (const auto &r : m.replicas) {
		add(all, judge_replica(r, m.create_root, end[0], end[1]));
		add(all, judge_write(r, end[1], end[2]));
		end += 3;
	}
	return all;
}

int doctor(const std::vector<std::string> &given, bool json)
{
	// Programs end without having read what they are told.
	std::signal(SIGPIPE, SIG_IGN);
	findings all, mistakes;
	const auto wanted = find_settings(given, mistakes);
	add(all, examine_kernel(wanted.value_or(mirrord::settings())));
	add(all, std::move(mistakes));
	if (wanted) {
		add(all, examine_daemon(*wanted));
		add(all, examine_rsyncs(*wanted));
		for (const auto &m : wanted->mirrors) {
			add(all, examine_source(m));
			add(all, examine_replicas(m));
		}
	}
	tools::print(json ? as_json(all).dump(2) + '\n' : findings_text(all));
	return any_failed(all) ? no : yes;
}

} // namespace

action declare_doctor(CLI::App &app)
{
	auto json = std::make_shared<bool>(false);
	app.add_flag("--json", *json, "Print JSON");
	app.allow_extras();
	app.footer("All other arguments are those of imon-mirrord(8): DIR and "
		   "--to, or --config. Without any, and without\n" +
		   std::string(mirrord::default_config) +
		   ", a daemon that runs is asked for its own.");
	return [&app, json] { return doctor(app.remaining(), *json); };
}

} // namespace imon::mirror
