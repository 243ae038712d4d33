// SPDX-License-Identifier: GPL-2.0-or-later
#include "contradictions.hpp"

#include <filesystem>
#include <initializer_list>

#include <gtest/gtest.h>

#include "sandbox.hpp"

using namespace imon::mirrord;

namespace {

mirror_settings mirror(const std::string &name, const std::string &root,
		       std::initializer_list<const char *> replicas)
{
	mirror_settings m;
	m.name = name;
	m.root = root;
	for (const char *to : replicas) {
		m.replicas.emplace_back();
		m.replicas.back().where = parse_destination(to, root);
	}
	return m;
}

/// Which mirror and replica are to blame, as "1" or "1.0".
std::vector<std::string> blamed(std::vector<mirror_settings> mirrors)
{
	settings all;
	all.mirrors = std::move(mirrors);
	std::vector<std::string> names;
	for (const contradiction &c : contradictions(all))
		names.push_back(
			std::to_string(c.mirror) +
			(c.replica ? "." + std::to_string(*c.replica) : ""));
	return names;
}

using list = std::vector<std::string>;

TEST(contradictions, none)
{
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"web2", "web3", "/t/replica"}),
			  mirror("b", "/t/b", {"web2", "/t/replica-b"})}),
		  list{});
}

TEST(contradictions, a_name_or_root_given_twice)
{
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"x"}),
			  mirror("a", "/t/b", {"x"})}),
		  list{"1"});
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"x"}),
			  mirror("b", "/t/a/../a", {"y"})}),
		  list{"1"});
}

TEST(contradictions, a_replica_given_twice)
{
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"web2", "web2:/t/a"})}),
		  list{"0.1"});
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"/t/x", "/t/./x/"})}),
		  list{"0.1"});
}

TEST(contradictions, a_replica_within_a_source_or_around_it)
{
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"/t/a/b"})}), list{"0.0"});
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"/t/a"})}), list{"0.0"});
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"/t"})}), list{"0.0"});
	EXPECT_EQ(blamed({mirror("a", "/", {"/t"})}), list{"0.0"});
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"/t/ab"})}), list{});
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"/t/b"}),
			  mirror("b", "/t/b", {"web2"})}),
		  list{"0.0"});
}

TEST(contradictions, a_replica_within_a_source_by_a_symbolic_link)
{
	const sandbox box;
	std::filesystem::create_directory(box.source / "in");
	const auto link = box.top / "link";
	std::filesystem::create_symlink(box.source / "in", link);
	EXPECT_EQ(blamed({mirror("a", box.source, {link.c_str()})}),
		  list{"0.0"});
	EXPECT_EQ(blamed({mirror("a", link, {box.source.c_str()})}),
		  list{"0.0"});
}

TEST(contradictions, replicas_within_each_other)
{
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"web2:/srv"}),
			  mirror("b", "/t/b", {"web2:/srv/b"})}),
		  list{"1.0"});
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"web2:/srv"}),
			  mirror("b", "/t/b", {"web2:/srv"})}),
		  list{"1.0"});
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"/t/x/y", "/t/x"})}),
		  list{"0.1"});
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"web2:/srv"}),
			  mirror("b", "/t/b", {"web3:/srv", "web2:/srv2"})}),
		  list{});
}

TEST(contradictions, not_between_replicas_that_nest_as_their_roots_do)
{
	EXPECT_EQ(blamed({mirror("a", "/t/a", {"web2"}),
			  mirror("b", "/t/a/big", {"web2"})}),
		  list{});
	EXPECT_EQ(blamed({mirror("b", "/t/a/big", {"web2:/s/big"}),
			  mirror("a", "/t/a", {"web2:/s"})}),
		  list{});
}

} // namespace
