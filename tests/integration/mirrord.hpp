// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_MIRRORD_HPP
#define IMON_TESTS_MIRRORD_HPP

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "process.hpp"
#include "stage.hpp"

/// imon-mirrord under test. Listens to what it tells its service manager, all
/// the time: who is not listened to stops.
class mirrord {
public:
	/// What random changes need that delete most of a small tree.
	static inline const std::vector<std::string> unguarded = {
		"--max-delete=0", "--max-delete-percent=0"};

	/// @param replicas  what --to gets
	/// @param more      other arguments
	mirrord(const fs::path &source,
		const std::vector<std::string> &replicas,
		const std::vector<std::string> &more = {});
	~mirrord();

	/// Waits until it has said something with @p text in it.
	void await_word(const std::string &text);
	/// Waits until every change made so far is on every replica: the module
	/// holds no record that was not acknowledged, and after it acknowledges
	/// the daemon says nothing that is older. Without the module the daemon
	/// is asked.
	void await_caught_up();

	/// Whether the module holds nothing that was not acknowledged.
	static bool acknowledged();

	void signal(int number) const { daemon_->signal(number); }
	/// What imon-mirror prints when it is given that command.
	std::string ask(std::vector<std::string> command);
	/// Waits for its end. @return its exit status
	int wait();

private:
	/// Takes in what it said meanwhile, waiting for it a little.
	void listen();
	bool says(const std::string &text);
	bool is_status(const std::string &text);

	std::string name_; ///< as the daemon calls its mirror
	std::string address_;
	int socket_;
	std::unique_ptr<process> daemon_;
	std::mutex mutex_;   ///< of the following
	std::string said_;   ///< everything
	std::string status_; ///< the last STATUS
	std::jthread listener_;
};

/// Gives the tree's mirror a queue in the kernel that is soon too small, before
/// its daemon is started for the first time.
void make_small_queue(const fs::path &source);
/// Whether the queue of the tree's mirror ever was too small.
bool overflowed(const fs::path &source);

#endif
