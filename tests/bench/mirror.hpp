// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_BENCH_MIRROR_HPP
#define IMON_BENCH_MIRROR_HPP

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "../integration/process.hpp"

namespace fs = std::filesystem;

/// How a replica is reached.
enum class way { rsyncd, ssh };

/// What replicas are reached by, and what programs are counted in.
class servers {
public:
	servers();

private:
	process ssh_, rsync_;
};

/// A program that keeps replicas identical, as it is set up to be at its best.
struct program {
	std::string name;
	/// How it is started for this tree and these replicas.
	std::vector<std::string> (*command)(
		const fs::path &source,
		const std::vector<std::string> &replicas);
};

extern const program imon_mirrord;
extern const program lsyncd;
/// As lsyncd, but it has what is renamed renamed on the replica, too.
extern const program lsyncd_rsyncssh;

/// A tree, so many replicas of it, all in memory, and the program that is to
/// keep them identical, in a control group of its own.
class mirror {
public:
	mirror(const program &what, way by, int replicas);
	mirror(const mirror &) = delete;
	~mirror();

	const std::string &name() const { return what_.name; }
	const fs::path &source() const { return source_; }
	const std::vector<fs::path> &replicas() const { return replicas_; }

	/// Begins, without waiting for anything.
	void start();
	void stop();
	/// @throws std::runtime_error with what it said when it has ended
	void check() const;

	/// Milliseconds of processor time, with all that it started.
	long cpu() const;
	/// KiB that the daemon itself has in memory.
	long resident() const;

private:
	const program &what_;
	fs::path root_, source_, group_;
	std::vector<fs::path> replicas_;
	std::vector<std::string> names_;
	std::unique_ptr<process> daemon_;
};

#endif
