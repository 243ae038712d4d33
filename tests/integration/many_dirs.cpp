// SPDX-License-Identifier: GPL-2.0-or-later
//
// Thousands of sub-directories: what fam_mirror's kernel complained about.
// Watching them takes no longer than watching one, nothing is lost, and the
// kernel has nothing to say.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <set>
#include <sstream>

#include <imon/monitor.hpp>

#include "mirrord.hpp"
#include "tap.hpp"

namespace {

/// What the kernel says from now on.
class kernel_log {
public:
	kernel_log()
		: fd_(open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC))
	{
		lseek(fd_, 0, SEEK_END);
	}
	~kernel_log() { close(fd_); }

	std::string text() const
	{
		std::string all;
		char line[8192];
		for (ssize_t n; (n = read(fd_, line, sizeof line)) > 0;) {
			const std::string said(line,
					       static_cast<std::size_t>(n));
			// An emulated processor was not run for a while.
			if (said.find("hrtimer: interrupt took") ==
			    std::string::npos)
				all += said;
		}
		return all;
	}

private:
	int fd_;
};

std::vector<fs::path> make_directories(const fs::path &root, int count)
{
	std::vector<fs::path> made;
	for (int i = 0; i < count; i++) {
		const fs::path group = root / std::to_string(i / 250);
		if (i % 250 == 0)
			fs::create_directory(group);
		made.push_back(group / std::to_string(i));
		fs::create_directory(made.back());
	}
	return made;
}

/// Files in directories that are picked at random. @return their paths
std::set<std::string> change(const std::vector<fs::path> &directories,
			     const fs::path &root, int count)
{
	std::minstd_rand random(1);
	std::set<std::string> changed;
	for (int i = 0; i < count; i++) {
		const fs::path file =
			directories[random() % directories.size()] /
			("file" + std::to_string(i));
		write_file(file, "change");
		changed.insert(file.lexically_relative(root).string());
	}
	return changed;
}

void watch(const fs::path &root, int count)
{
	const kernel_log log;
	const auto directories = make_directories(root, count);
	const auto events = imon::monitor::create({});
	const int fd = open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);

	const auto start = std::chrono::steady_clock::now();
	events->add_tree(fd, root);
	const std::chrono::duration<double, std::micro> took =
		std::chrono::steady_clock::now() - start;
	close(fd);
	tap::note("watching " + std::to_string(count) + " directories took " +
		  std::to_string(static_cast<int>(took.count())) + " us");

	auto missing = change(directories, root, 500);
	events->dispatch([&](const imon::event &e) {
		missing.erase(e.path.value_or(""));
	});
	tap::ok(missing.empty(),
		std::to_string(count) + ": every change arrives",
		missing.empty() ? "" : "missing: " + *missing.begin());
	const std::string said = log.text();
	tap::ok(said.empty(),
		std::to_string(count) + ": the kernel has nothing to say",
		said);
}

void mirror(const fs::path &source, const fs::path &replica)
{
	mirrord daemon(source, {replica});
	daemon.await_word("STATUS=in sync");
	std::vector<fs::path> directories;
	for (const auto &entry : fs::recursive_directory_iterator(source))
		if (entry.is_directory())
			directories.push_back(entry.path());
	change(directories, source, 200);
	daemon.await_caught_up();
	const std::string diff = differences(source, replica);
	tap::ok(diff.empty(), "the replica of 5000 is identical", diff);
}

/// The first watch on a filesystem does what no later one has to.
void warm_up(const fs::path &root)
{
	const int fd = open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
	imon::monitor::create({})->add_tree(fd, root);
	close(fd);
}

} // namespace

int main()
{
	return tap::run(5, [] {
		const stage s("many_dirs");
		warm_up(s.directory("empty"));
		watch(s.directory("5000"), 5'000);
		watch(s.directory("50000"), 50'000);
		mirror(s.directory("5000"), s.directory("replica"));
	});
}
