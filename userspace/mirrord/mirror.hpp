// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_MIRROR_HPP
#define IMON_MIRRORD_MIRROR_HPP

#include <list>
#include <optional>
#include <string>

#include <imon/source.hpp>

#include "launcher.hpp"
#include "options.hpp"
#include "planner.hpp"
#include "poller.hpp"
#include "replica.hpp"
#include "source_tree.hpp"

namespace imon::mirrord {

/// The daemon: events in, batches out, until it is stopped or must halt.
class mirror {
public:
	/// @param events  watches @p tree already
	/// @param stop    readable when the daemon is to end
	mirror(const options &o, const source_tree &tree, source &events,
	       poller &loop, launcher &programs, int stop);

	/// @return why it halted; nothing when it was stopped
	std::optional<std::string> run();

private:
	void turn();
	void drain();
	void find_linked_names(int root);
	void settle();
	void start_batches();
	void halt(const std::string &why);
	void wind_up();
	void tell_status();
	void draw_progress();
	std::optional<clock::time_point> deadline() const;

	const source_tree &tree_;
	source &events_;
	poller &loop_;
	planner planner_;
	std::list<replica> replicas_;
	bool readable_ = true; ///< events may wait
	bool stopped_ = false;
	std::optional<std::string> halted_;
	std::uint64_t acknowledged_ = 0;
	std::string status_;
	poller::subscription reading_, stopping_;
};

} // namespace imon::mirrord

#endif
