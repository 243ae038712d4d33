// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_STAGE_HPP
#define IMON_TESTS_STAGE_HPP

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "process.hpp"

namespace fs = std::filesystem;

/// Whether mirrors are to get their events from fanotify: $EVENTS says so. Then
/// the module is not loaded.
bool without_module();

/// A test's own folder on the guest's disk, with the module loaded; both are
/// gone afterwards.
class stage {
public:
	explicit stage(const std::string &name);
	stage(const stage &) = delete;
	~stage();

	/// A directory on it, made when it is not there.
	fs::path directory(const std::string &name) const;

private:
	fs::path root_;
};

/// A real sshd. Its replicas are "127.0.0.1:/path".
class ssh_server {
public:
	/// @param prepare  see process
	/// @param command  runs instead of what is asked for
	explicit ssh_server(
		const std::string &address = "127.0.0.1",
		const std::function<void()> &prepare = [] {},
		const std::string &command = "none");

	void signal(int number) const { daemon_.signal(number); }
	/// Kills what serves its connections. @return how many that were
	int cut() const { return signal_all("sshd", SIGKILL, daemon_.id()); }

private:
	process daemon_;
};

/// A real rsync daemon that serves one directory.
class rsync_server {
public:
	rsync_server(const stage &on, fs::path directory);

	void start();
	void stop() { daemon_.reset(); }
	void signal(int number) const { daemon_->signal(number); }
	static std::string url() { return "rsync://127.0.0.1:8730/replica"; }

private:
	fs::path config_;
	std::unique_ptr<process> daemon_;
};

/// The seed of this run: $SEED, or one of its own. Said as a note.
std::uint32_t seed();

/// What differs between two trees, one line each: names, types, contents,
/// modes, owners, times, link targets and extended attributes. By looking at
/// both; if that finds nothing, by asking rsync.
std::string differences(const fs::path &source, const fs::path &replica);

void write_file(const fs::path &path, const std::string &contents);

#endif
