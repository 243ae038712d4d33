// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_TAP_HPP
#define IMON_TESTS_TAP_HPP

#include <functional>
#include <string>
#include <vector>

/// The test's voice: TAP on standard output.
namespace tap {

/// Runs a test program: says the plan, and turns what @p body throws into a
/// failure. @return the program's exit status
int run(int plan, const std::function<void()> &body);

/// Runs them in this order; what one throws is its failure, and does not keep
/// the others from running.
void each(const std::vector<std::function<void()>> &parts);

/// One result; @p details are said only when it is not ok.
void ok(bool good, const std::string &what, const std::string &details = {});

void note(const std::string &text);

} // namespace tap

#endif
