// SPDX-License-Identifier: GPL-2.0-or-later
//
// What Documentation/monitoring asks for is what the daemon serves.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "metrics.hpp"

using namespace imon::mirrord;

namespace {

std::string contents(const std::string &file)
{
	std::ifstream in(IMON_TOP "/Documentation/monitoring/" + file);
	return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> metrics_in(const std::string &text)
{
	const std::regex name("imon_mirrord_[a-z_]+");
	std::set<std::string> names;
	for (std::sregex_iterator i(text.begin(), text.end(), name), end;
	     i != end; ++i)
		names.insert(i->str());
	return names;
}

TEST(monitoring, names_only_what_is_served)
{
	const auto served = metrics_in(
		metrics_text({{.name = "m", .replicas = {{.name = "r"}}}}));
	for (const char *file : {"alerts.yml", "dashboard.json"}) {
		const auto asked = metrics_in(contents(file));
		EXPECT_GT(asked.size(), 5u) << file;
		for (const std::string &name : asked)
			EXPECT_TRUE(served.contains(name))
				<< file << " asks for " << name;
	}
}

TEST(monitoring, the_dashboard_shows_all_that_is_served)
{
	const auto shown = metrics_in(contents("dashboard.json"));
	for (const std::string &name :
	     metrics_in(metrics_text({{.name = "m", .replicas = {{}}}})))
		EXPECT_TRUE(shown.contains(name)) << name;
}

TEST(monitoring, no_two_panels_lie_over_each_other)
{
	const auto board = nlohmann::json::parse(contents("dashboard.json"));
	std::set<std::pair<int, int>> taken;
	for (const auto &panel : board.at("panels")) {
		const auto &at = panel.at("gridPos");
		for (int x = at["x"];
		     x < at["x"].get<int>() + at["w"].get<int>(); x++)
			for (int y = at["y"];
			     y < at["y"].get<int>() + at["h"].get<int>(); y++)
				EXPECT_TRUE(taken.emplace(x, y).second)
					<< panel["title"];
	}
}

} // namespace
