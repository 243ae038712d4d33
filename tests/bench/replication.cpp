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

using clock_type = std::chrono::steady_clock;

/// Both of them; what is done is done with one and then with the other.
struct pair {
	mirror ours, theirs;

	pair(int replicas)
		: ours(imon_mirrord, replicas)
		, theirs(lsyncd, replicas)
	{
	}

	/// In turns.
	void each(const std::function<void(mirror &)> &work)
	{
		work(ours);
		work(theirs);
	}
};

void tell(const mirror &m, const std::string &operation, long value,
	  const std::string &unit)
{
	result("replication", operation.c_str(), m.name().c_str(), value,
	       unit.c_str());
}

void await_on_all(const mirror &m, const std::string &name)
{
	const auto deadline = clock_type::now() + std::chrono::minutes(20);
	for (const fs::path &replica : m.replicas())
		while (!fs::exists(replica / name)) {
			if (clock_type::now() > deadline)
				throw std::runtime_error(m.name() + " leaves " +
							 name);
			std::this_thread::sleep_for(
				std::chrono::milliseconds(1));
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

/// Until a change shows that it is at work.
void begin(mirror &m)
{
	m.start();
	const std::string name = fresh("begin");
	write(m.source() / name);
	await_on_all(m, name);
}

long now()
{
	return std::chrono::duration_cast<std::chrono::milliseconds>(
		       clock_type::now().time_since_epoch())
		.count();
}

/// What is counted while something is done.
struct measure {
	std::string unit;
	std::function<long(const mirror &)> count;
};

const measure wall{"milliseconds", [](const mirror &) { return now(); }};
const measure work{"milliseconds of processor time",
		   [](const mirror &m) { return m.cpu(); }};

using values = std::vector<long>;

values count_all(const mirror &m, const std::vector<measure> &measures)
{
	values counts;
	for (const measure &what : measures)
		counts.push_back(what.count(m));
	return counts;
}

/// In turns, so many rounds. Tells the median of what each added to a count.
void repeat(pair &both, const std::string &operation,
	    const std::vector<measure> &measures,
	    const std::function<void(mirror &)> &change)
{
	std::map<mirror *, std::vector<values>> added;
	for (int round = 0; round < 5; round++)
		both.each([&](mirror &m) {
			const values before = count_all(m, measures);
			change(m);
			values after = count_all(m, measures);
			std::transform(after.begin(), after.end(),
				       before.begin(), after.begin(),
				       std::minus());
			added[&m].push_back(after);
		});
	both.each([&](mirror &m) {
		for (std::size_t i = 0; i < measures.size(); i++) {
			std::ranges::sort(added[&m], {}, [i](const values &v) {
				return v[i];
			});
			tell(m, operation, added[&m][added[&m].size() / 2][i],
			     measures[i].unit);
		}
	});
}

void one_file(mirror &m)
{
	const std::string name = fresh("file");
	write(m.source() / name);
	await_on_all(m, name);
}

void visible(int replicas)
{
	pair both(replicas);
	both.each(begin);
	repeat(both,
	       "one file, until it is on " + std::to_string(replicas) +
		       (replicas > 1 ? " replicas" : " replica"),
	       {wall, work}, one_file);
	tap::ok(true, "visible on " + std::to_string(replicas));
}

void burst()
{
	const unsigned int n = amount(10000);
	pair both(1);
	both.each(begin);
	repeat(both, "a burst of files", {wall, work}, [n](mirror &m) {
		const std::string name = fresh("burst");
		fill(m.source() / name, n);
		for (unsigned int i = 0; i < n; i++)
			await_on_all(m, name + "/" + file(i));
	});
	both.each([](const mirror &m) {
		tell(m, "the daemon after that", m.resident(), memory);
	});
	tap::ok(true, "a burst");
}

} // namespace

int main()
{
	return tap::run(4, [] {
		run({"insmod", "/lib/imon/imon.ko"});
		std::ofstream("/proc/sys/fs/inotify/max_user_watches")
			<< 4000000;
		{
			const server all;
			tap::each({[] { visible(1); }, [] { visible(2); },
				   [] { visible(6); }, burst});
		}
		run({"rmmod", "imon"});
	});
}
