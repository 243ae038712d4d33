// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_FAKE_STEERING_HPP
#define IMON_TESTS_FAKE_STEERING_HPP

#include "steering.hpp"

/// A daemon that the test makes up.
class fake_steering final : public imon::mirrord::steering {
public:
	using selection = imon::mirrord::selection;
	using bookmark = imon::mirrord::bookmark;

	std::vector<imon::mirrord::mirror_report> report() override
	{
		return mirrors;
	}
	const imon::mirrord::settings &in_force() override { return settings; }
	std::vector<imon::mirrord::path_report> why(
		const std::string &path) override
	{
		return {{.mirror = "www",
			 .path = path,
			 .replica = "web2",
			 .state = "pending"}};
	}
	bookmark now() override { return {{"ftp", 7}, {"www", 5}}; }
	count holding(const bookmark &, const selection &which) override
	{
		return holds[which.mirror];
	}
	std::size_t pause(const selection &w) override
	{
		return did("pause", w);
	}
	std::size_t resume(const selection &w) override
	{
		return did("resume", w);
	}
	std::size_t flush(const selection &w) override
	{
		return did("flush", w);
	}
	std::size_t verify(const selection &w) override
	{
		return did("verify", w);
	}
	std::size_t approve(const selection &w) override
	{
		return did("approve", w);
	}
	std::size_t reject(const selection &w) override
	{
		return did("reject", w);
	}
	std::string reload() override { return wrong; }

	std::vector<imon::mirrord::mirror_report> mirrors = {
		{.name = "www",
		 .root = "/var/www",
		 .state = "watching",
		 .replicas = {{.name = "web2", .state = "in sync"},
			      {.name = "web3", .state = "pending"}}},
		{.name = "ftp",
		 .root = "/srv/ftp",
		 .state = "watching",
		 .replicas = {{.name = "web2", .state = "in sync"}}}};
	imon::mirrord::settings settings;
	std::map<std::string, count> holds;
	std::vector<std::string> done; ///< what was asked for
	std::size_t meant = 1;
	std::string wrong; ///< with the configuration

private:
	std::size_t did(const std::string &what, const selection &which)
	{
		done.push_back(what + ' ' + which.mirror + '/' + which.replica);
		return meant;
	}
};

#endif
