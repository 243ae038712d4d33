// SPDX-License-Identifier: GPL-2.0-or-later
#include "tap.hpp"

#include <exception>
#include <iostream>
#include <sstream>

namespace tap {

namespace {

struct {
	int plan = 0, seen = 0, bad = 0;
} score;

} // namespace

void note(const std::string &text)
{
	std::istringstream lines(text);
	for (std::string line; std::getline(lines, line);)
		std::cout << "# " << line << std::endl;
}

void ok(bool good, const std::string &what, const std::string &details)
{
	std::cout << (good ? "ok " : "not ok ") << ++score.seen << " - " << what
		  << std::endl;
	if (good)
		return;
	score.bad++;
	note(details);
}

static void attempt(const std::function<void()> &body)
{
	try {
		body();
	} catch (const std::exception &e) {
		ok(false, "the test could go on", e.what());
	}
}

void each(const std::vector<std::function<void()>> &parts)
{
	for (const auto &part : parts)
		attempt(part);
}

int run(int plan, const std::function<void()> &body)
{
	score.plan = plan;
	std::cout << "TAP version 13\n1.." << plan << std::endl;
	attempt(body);
	return score.bad || score.seen != score.plan;
}

} // namespace tap
