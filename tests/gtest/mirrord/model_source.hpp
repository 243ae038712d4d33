// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_MODEL_SOURCE_HPP
#define IMON_TESTS_MODEL_SOURCE_HPP

#include <deque>
#include <optional>
#include <random>

#include <imon/event.hpp>

#include "model_tree.hpp"

namespace model {

/// A tree that changes at random and reports it as the module would.
class source {
public:
	/// @param honest  every change gets a new time, and so details may be
	///                given up; else times repeat and prove nothing
	source(std::uint_fast32_t seed, bool honest);

	const node_ptr &root() const { return root_; }
	/// Makes one random change, unless it rests.
	void change();
	/// Ends all changes and all accidents.
	void rest() { resting_ = true; }
	/// An accident that happens once in @p often.
	bool accident(std::uint_fast32_t often)
	{
		return !resting_ && random(often) == 0;
	}
	/// A record that waits, in order.
	std::optional<imon::event> next();
	std::uint_fast32_t random(std::uint_fast32_t below)
	{
		return random_() % below;
	}

private:
	std::string some_path();
	std::string some_directory();
	std::string some_place();

	void create(bool directory);
	void write();
	void link();
	void remove(const std::string &path);
	void rename();
	void exchange();
	void move_in();
	void move_out();
	void give_up_details();

	node_ptr fresh(bool directory);
	void say(std::uint32_t mask, const node_ptr &n,
		 std::optional<std::string> path,
		 std::optional<std::string> new_path = {});

	std::minstd_rand random_;
	bool honest_;
	bool resting_ = false;
	std::deque<imon::event> queue_;
	std::uint64_t seq_ = 0, ino_ = 1, renamed_ = 0;
	int content_ = 0, time_ = 0;
	std::map<std::uint64_t, int> names_;
	node_ptr root_;
};

} // namespace model

#endif
