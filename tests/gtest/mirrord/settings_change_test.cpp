// SPDX-License-Identifier: GPL-2.0-or-later
#include "settings_change.hpp"

#include <gtest/gtest.h>

using namespace imon::mirrord;
using enum difference;

namespace {

settings sample()
{
	settings all;
	for (const char *name : {"a", "b"}) {
		mirror_settings m;
		m.name = name;
		m.root = std::string("/") + name;
		for (const char *host : {"x", "y"}) {
			m.replicas.emplace_back();
			m.replicas.back().where =
				parse_destination(host, m.root);
		}
		all.mirrors.push_back(m);
	}
	return all;
}

/// What differs of the sample after a change of it.
template <typename change>
settings_change after(const change &make)
{
	settings changed = sample();
	make(changed);
	return compare(sample(), changed);
}

settings_change one_replica(difference what, bool compare)
{
	return {{{"a", changed, false, {{"y", what, compare}}}}, {}};
}

TEST(settings_change, none)
{
	EXPECT_EQ(after([](settings &) {}), settings_change{});
	EXPECT_EQ(after([](settings &s) {
			  std::swap(s.mirrors[0], s.mirrors[1]);
		  }),
		  settings_change{});
	EXPECT_EQ(after([](settings &s) {
			  std::swap(s.mirrors[0].replicas[0],
				    s.mirrors[0].replicas[1]);
		  }),
		  settings_change{});
}

TEST(settings_change, of_whole_mirrors)
{
	EXPECT_EQ(after([](settings &s) { s.mirrors.pop_back(); }).mirrors,
		  (std::vector<mirror_change>{{"b", removed, false, {}}}));
	EXPECT_EQ(after([](settings &s) {
			  s.mirrors.push_back(s.mirrors[0]);
			  s.mirrors[2].name = "c";
		  }).mirrors,
		  (std::vector<mirror_change>{{"c", added, false, {}}}));
}

TEST(settings_change, of_a_root_is_another_mirror)
{
	EXPECT_EQ(after([](settings &s) { s.mirrors[0].root = "/c"; }).mirrors,
		  (std::vector<mirror_change>{{"a", removed, false, {}},
					      {"a", added, false, {}}}));
}

TEST(settings_change, of_how_to_watch)
{
	const std::vector<mirror_change> watched{{"a", changed, true, {}}};
	EXPECT_EQ(after([](settings &s) { s.mirrors[0].window *= 2; }).mirrors,
		  watched);
	EXPECT_EQ(after([](settings &s) {
			  s.mirrors[0].events = back_end::imon;
		  }).mirrors,
		  watched);
}

TEST(settings_change, of_submounts_brings_or_takes_contents)
{
	EXPECT_EQ(after([](settings &s) {
			  s.mirrors[0].submounts = true;
		  }).mirrors,
		  (std::vector<mirror_change>{
			  {"a",
			   changed,
			   true,
			   {{"x", changed, true}, {"y", changed, true}}}}));
}

TEST(settings_change, of_a_limit_needs_nothing)
{
	const std::vector<mirror_change> taken_over{{"a", changed, false, {}}};
	EXPECT_EQ(after([](settings &s) {
			  s.mirrors[0].guard.percent = 1;
		  }).mirrors,
		  taken_over);
	EXPECT_EQ(after([](settings &s) {
			  s.mirrors[0].hooks.after = {"true"};
		  }).mirrors,
		  taken_over);
}

TEST(settings_change, of_replicas)
{
	EXPECT_EQ(after([](settings &s) { s.mirrors[0].replicas.pop_back(); }),
		  one_replica(removed, false));
	EXPECT_EQ(after([](settings &s) {
			  s.mirrors[0].replicas[1].bandwidth = 5;
		  }),
		  one_replica(changed, false));
	EXPECT_EQ(after([](settings &s) {
			  s.mirrors[0].replicas[1].where =
				  parse_destination("z", "/a");
		  })
			  .mirrors[0]
			  .replicas,
		  (std::vector<replica_change>{{"y", removed}, {"z", added}}));
}

TEST(settings_change, of_filters_needs_a_comparison)
{
	EXPECT_EQ(after([](settings &s) {
			  s.mirrors[0].replicas[1].filters = {"- x"};
		  }),
		  one_replica(changed, true));
	EXPECT_EQ(after([](settings &s) {
			  s.mirrors[0].replicas[1].rsync_options = {"-z"};
		  }),
		  one_replica(changed, true));
}

TEST(settings_change, that_only_a_restart_brings)
{
	const auto change = after([](settings &s) {
		s.instance = "i";
		s.state_directory = "/s";
		s.control_socket = "/c";
		s.metrics = "m:1";
	});
	EXPECT_EQ(change.mirrors, std::vector<mirror_change>{});
	EXPECT_EQ(change.restart,
		  (std::vector<std::string>{"instance", "state", "socket",
					    "metrics"}));
}

TEST(settings_change, in_words)
{
	EXPECT_EQ(describe(after([](settings &s) {
			  s.mirrors[0].replicas[1].filters = {"- x"};
			  s.mirrors[0].submounts = false;
			  s.mirrors[1].window *= 2;
			  s.metrics = "m:1";
		  })),
		  (std::vector<std::string>{
			  "mirror a: changed",
			  "mirror a, replica y: changed, compared",
			  "mirror b: changed, watched anew",
			  "'metrics' has another value, which a restart "
			  "brings"}));
}

} // namespace
