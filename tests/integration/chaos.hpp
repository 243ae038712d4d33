// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_CHAOS_HPP
#define IMON_TESTS_CHAOS_HPP

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "host.hpp"
#include "mirrord.hpp"
#include "small_disk.hpp"

class writers;

/// A mirror with three replicas - over ssh, by an rsync daemon, and on a small
/// disk - to which anything may happen. The same seed brings the same accidents
/// in the same order.
class chaos {
public:
	/// @param away  where the replica over ssh is
	chaos(const stage &s, const host &away, std::uint32_t seed);
	~chaos();

	/// Users work; accidents happen, and end.
	void rage();
	/// @return what differs when all is quiet again
	std::string outcome();

private:
	/// Something that goes wrong, and goes on to be wrong until it is mended.
	struct accident {
		std::string name;
		std::function<void()> strike;
		std::function<void()> mend = [] {};
		bool on = false;
	};

	std::vector<accident> accidents();
	void start();
	void kill_daemon();
	/// When it was not killed.
	void signal_daemon(int number) const;
	void mount_source() const;
	void remount();
	void rename_storm();
	void strike_or_mend(accident &a);
	unsigned pick(std::size_t below)
	{
		return static_cast<unsigned>(random_() % below);
	}

	const host &away_;
	std::minstd_rand random_;
	fs::path image_, disk_, source_, outside_, over_ssh_, by_rsyncd_;
	small_disk small_;
	rsync_server rsyncd_;
	std::unique_ptr<mirrord> daemon_;
	std::vector<accident> accidents_;
};

#endif
