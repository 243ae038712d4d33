// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How soon a replica is identical again, and what that takes: imon-mirrord and
 * lsyncd, each with a tree of its own, in turns. By the guest's clock, which may
 * be one that counts instructions: who waits does not hold it up then.
 */
#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <map>
#include <thread>

#include "../integration/tap.hpp"
#include "mirror.hpp"

extern "C" {
#include "amount.h"
#include "result.h"
}

namespace {

const char *const memory = "KiB of memory";
const char *const large = " in a large tree";

using clock_type = std::chrono::steady_clock;
using work = std::function<void(mirror &)>;

/// Both of them; what is done is done with one and then with the other.
struct pair {
	mirror ours, theirs;

	pair(const program &rival, way by, int replicas)
		: ours(imon_mirrord, by, replicas)
		, theirs(rival, by, replicas)
	{
	}

	void each(const work &what)
	{
		what(ours);
		what(theirs);
	}
};

void tell(const mirror &m, const std::string &operation, long value,
	  const std::string &unit)
{
	result("replication", operation.c_str(), m.name().c_str(), value,
	       unit.c_str());
}

void await_on_all(const mirror &m, const std::string &name, bool there = true)
{
	const auto deadline = clock_type::now() + std::chrono::minutes(20);
	for (const fs::path &replica : m.replicas())
		while (fs::exists(replica / name) != there) {
			if (clock_type::now() > deadline)
				throw std::runtime_error(m.name() + " leaves " +
							 name);
			m.check();
			std::this_thread::sleep_for(
				std::chrono::milliseconds(1));
		}
}

/// Until it does nothing any more, so that it is in nobody's way.
void await_rest(const mirror &m)
{
	for (long before = -1, now = m.cpu(); now != before; now = m.cpu()) {
		before = now;
		std::this_thread::sleep_for(std::chrono::milliseconds(300));
	}
}

void write(const fs::path &path)
{
	std::ofstream(path) << "text";
}

/// A name that was not there before.
std::string fresh(const std::string &kind)
{
	static int count = 0;
	return kind + std::to_string(count++);
}

std::string file(unsigned int i)
{
	return std::to_string(i);
}

void fill(const fs::path &directory, unsigned int n)
{
	fs::create_directory(directory);
	for (unsigned int i = 0; i < n; i++)
		write(directory / file(i));
}

void await_filled(const mirror &m, const std::string &directory, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		await_on_all(m, directory + "/" + file(i));
}

void one_file(mirror &m)
{
	const std::string name = fresh("file");
	write(m.source() / name);
	await_on_all(m, name);
}

/// Until a change shows that it is at work.
void begin(mirror &m)
{
	m.start();
	one_file(m);
}

long now()
{
	return std::chrono::duration_cast<std::chrono::milliseconds>(
		       clock_type::now().time_since_epoch())
		.count();
}

/// What went over the wire until now: the loopback device's count.
long wire_bytes()
{
	long bytes = 0;
	std::ifstream("/sys/class/net/lo/statistics/tx_bytes") >> bytes;
	return bytes;
}

using figures = std::map<std::string, long>; ///< by unit

/// The time until the work is done, and what it takes until nothing follows.
figures measure(mirror &m, const work &what)
{
	await_rest(m);
	const long cpu = m.cpu(), bytes = wire_bytes(), begin = now();
	what(m);
	const long end = now();
	await_rest(m);
	return {{"milliseconds", end - begin},
		{"milliseconds of processor time", m.cpu() - cpu},
		{"bytes on the wire", wire_bytes() - bytes}};
}

/// In turns, so many rounds. Tells the medians.
void repeat(pair &both, const std::string &operation, const work &what,
	    int rounds = 5)
{
	std::map<mirror *, std::map<std::string, std::vector<long>>> all;
	for (int round = 0; round < rounds; round++)
		both.each([&](mirror &m) {
			for (const auto &[unit, value] : measure(m, what))
				all[&m][unit].push_back(value);
		});
	both.each([&](mirror &m) {
		for (auto &[unit, values] : all[&m]) {
			std::ranges::sort(values);
			tell(m, operation, values[values.size() / 2], unit);
		}
	});
}

void visible(int replicas)
{
	pair both(lsyncd, way::rsyncd, replicas);
	both.each(begin);
	repeat(both,
	       "one file, until it is on " + std::to_string(replicas) +
		       (replicas > 1 ? " replicas" : " replica"),
	       one_file);
	tap::ok(true, "visible on " + std::to_string(replicas));
}

void burst()
{
	const unsigned int n = amount(10000);
	pair both(lsyncd, way::rsyncd, 1);
	both.each(begin);
	repeat(both, "a burst of files", [n](mirror &m) {
		const std::string name = fresh("burst");
		fill(m.source() / name, n);
		await_filled(m, name, n);
	});
	both.each([](const mirror &m) {
		tell(m, "the daemon after the burst", m.resident(), memory);
	});
	tap::ok(true, "a burst");
}

/// Over ssh, as it takes a shell to carry out a rename.
void renamed_directory(const program &rival, const std::string &operation)
{
	const unsigned int n = amount(10000);
	pair both(rival, way::ssh, 1);
	both.each([n](mirror &m) {
		fill(m.source() / "a", n);
		m.start();
		await_filled(m, "a", n);
	});
	repeat(both, operation, [n](mirror &m) {
		const bool back = fs::exists(m.source() / "b");
		const std::string from = back ? "b" : "a",
				  to = back ? "a" : "b";
		fs::rename(m.source() / from, m.source() / to);
		await_filled(m, to, n);
		await_on_all(m, from, false);
	});
	tap::ok(true, operation.c_str());
}

/// Alike in the tree and on its replica, times and all.
void make_tree(const mirror &m, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		fs::create_directories(m.source() / std::to_string(i / 100) /
				       std::to_string(i));
	run({"rsync", "-a", m.source().string() + "/",
	     m.replicas().front().string()});
}

void idleness(const mirror &m)
{
	await_rest(m);
	const long before = m.cpu();
	std::this_thread::sleep_for(std::chrono::seconds(10));
	tell(m, std::string("10 s of idleness") + large, m.cpu() - before,
	     "milliseconds of processor time");
}

void many_directories()
{
	const unsigned int n = amount(100000);
	pair both(lsyncd, way::rsyncd, 1);
	both.each([n](const mirror &m) { make_tree(m, n); });
	repeat(both, std::string("from the first start to a change") + large,
	       begin, 1);
	repeat(both, std::string("one file") + large, one_file);
	both.each(idleness);
	both.each([&](const mirror &m) {
		tell(m, std::string("the daemon") + large, m.resident(),
		     memory);
	});
	repeat(both, std::string("from a restart to a change") + large,
	       [](mirror &m) {
		       m.stop();
		       begin(m);
	       });
	tap::ok(true, "many directories");
}

} // namespace

int main()
{
	return tap::run(7, [] {
		run({"insmod", "/lib/imon/imon.ko"});
		std::ofstream("/proc/sys/fs/inotify/max_user_watches")
			<< 4000000;
		{
			const servers all;
			tap::each(
				{[] { visible(1); }, [] { visible(2); },
				 [] { visible(6); }, burst,
				 [] {
					 renamed_directory(
						 lsyncd,
						 "a directory of many files is renamed");
				 },
				 [] {
					 renamed_directory(
						 lsyncd_rsyncssh,
						 "the same, if lsyncd carries out renames, too");
				 },
				 many_directories});
		}
		run({"rmmod", "imon"});
	});
}
