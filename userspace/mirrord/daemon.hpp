// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_DAEMON_HPP
#define IMON_MIRRORD_DAEMON_HPP

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "child.hpp"
#include "journal.hpp"
#include "mirror.hpp"
#include "poller.hpp"
#include "service_manager.hpp"
#include "settings.hpp"
#include "source_tree.hpp"
#include "steering.hpp"
#include "subject_log.hpp"

namespace imon::mirrord {

/// All mirrors of one process, and the loop that they run in.
class daemon final : public steering {
public:
	/// Begins to watch every tree.
	/// @param again  reads what is wanted, for reload(); may throw error
	/// @throws error, journal_error
	daemon(const settings &wanted, std::function<settings()> again,
	       poller &loop);

	/// Called after each turn of the loop.
	void after_each_turn(std::function<void()> call)
	{
		turned_ = std::move(call);
	}
	/// Runs until stop(), or until every mirror has halted.
	/// @return why it halted; nothing when it was stopped
	std::optional<std::string> run();
	/// Ends run() when what runs has come to its end, within bounds.
	void stop() { stopping_ = true; }

	std::vector<mirror_report> report() override;
	const settings &in_force() override { return settings_; }
	std::vector<path_report> why(const std::string &path) override;
	bookmark now() override;
	count holding(const bookmark &upto, const selection &which) override;
	std::size_t pause(const selection &which) override;
	std::size_t resume(const selection &which) override;
	std::size_t flush(const selection &which) override;
	std::size_t verify(const selection &which) override;
	std::size_t approve(const selection &which) override;
	std::size_t reject(const selection &which) override;
	std::string reload() override;

private:
	/// A mirror and what it stands on.
	struct station {
		station(const settings &all, const mirror_settings &wanted,
			poller &loop);

		mirror_settings settings;
		source_tree tree;
		journal store;
		child_launcher programs;
		mirror work;
	};

	void add(const mirror_settings &wanted);
	void add_or_keep(const mirror_settings &wanted);
	void turn();
	void wind_up();
	bool busy() const;
	std::optional<std::string> all_halted() const;
	std::optional<clock::time_point> deadline();
	std::string status() const;
	void draw_progress() const;
	void take_over(const settings &wanted);
	std::size_t each(const selection &which,
			 const std::function<void(mirror &, replica &)> &what);

	settings settings_;
	subject_log log_;
	std::optional<clock::time_point> unsaid_; ///< when the log has more
	std::function<settings()> again_;
	poller &loop_;
	service_manager manager_;
	std::list<std::unique_ptr<station>> stations_;
	std::function<void()> turned_;
	bool stopping_ = false;
};

} // namespace imon::mirrord

#endif
