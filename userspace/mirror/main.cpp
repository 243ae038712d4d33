// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include <imon/error.hpp>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "standard_output.hpp"

namespace {

using namespace imon::mirror;

constexpr imon::tools::subcommand commands[] = {
	{"status", "Show where each replica stands", declare_status},
	{"wait", "Wait until replicas hold all that happened so far",
	 declare_wait},
	{"why", "Tell why a path is, or is not, on the replicas", declare_why},
	{"verify", "Compare replicas with their source by content",
	 declare_verify},
	{"flush", "Try again at once what waits for another attempt",
	 declare_flush},
	{"pause", "Send nothing to replicas until resume", declare_pause},
	{"resume", "End what pause began", declare_resume},
	{"approve", "Let held deletions happen", declare_approve},
	{"reject", "Forget held deletions, the replicas keep the files",
	 declare_reject},
	{"replicas", "List the replicas and how they are reached",
	 declare_replicas},
	{"reload", "Read the configuration again", declare_reload},
	{"doctor", "Find out what keeps mirroring from working",
	 declare_doctor},
};

int fail(const char *sentence)
{
	std::fprintf(stderr, "imon-mirror: %s\n", sentence);
	return failed;
}

int run(int argc, char **argv)
{
	CLI::App app{"Ask and steer imon-mirrord"};
	app.name("imon-mirror");
	app.set_version_flag("--version", "imon-mirror " IMON_VERSION);
	app.footer("Exit codes: 0 yes, 1 no, 2 wrong usage, 3 no answer. See "
		   "imon-mirror(8).");
	const int code = imon::tools::run_subcommand(app, commands, argc, argv);
	imon::tools::flush();
	return code;
}

} // namespace

int main(int argc, char **argv)
{
	try {
		return run(argc, argv);
	} catch (const imon::tools::nobody_reads &) {
		return failed;
	} catch (const imon::error &e) {
		return fail(e.sentence().c_str());
	} catch (const nlohmann::json::exception &) {
		return fail("the answer makes no sense; what runs may be of "
			    "another version, try: systemctl restart "
			    "imon-mirrord");
	} catch (const std::exception &e) {
		return fail(e.what());
	}
}
