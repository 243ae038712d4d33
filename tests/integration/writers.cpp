// SPDX-License-Identifier: GPL-2.0-or-later
#include "writers.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <random>
#include <string>

namespace fs = std::filesystem;

namespace {

/// One user. Each operation says whether it worked: others work on the same
/// names, so many do not.
class writer {
public:
	writer(const fs::path &tree, const fs::path &outside,
	       std::uint32_t seed)
		: tree_(tree)
		, outside_(outside)
		, random_(seed)
	{
	}

	bool work();

private:
	unsigned pick(unsigned below)
	{
		return static_cast<unsigned>(random_() % below);
	}
	std::string name()
	{
		return std::string(1, static_cast<char>('a' + pick(26)));
	}

	/// A random walk down from the root; may end at it.
	fs::path existing()
	{
		fs::path at = tree_;
		for (unsigned depth = pick(5); depth > 0; depth--) {
			std::vector<fs::path> entries;
			std::error_code gone;
			for (const auto &e : fs::directory_iterator(at, gone))
				entries.push_back(e.path());
			if (entries.empty())
				break;
			at = entries[pick(
				static_cast<unsigned>(entries.size()))];
			if (!fs::is_directory(fs::symlink_status(at, gone)))
				break;
		}
		return at;
	}

	fs::path place()
	{
		const fs::path at = existing();
		std::error_code gone;
		const bool in = fs::is_directory(fs::symlink_status(at, gone));
		return (in ? at : at.parent_path()) / name();
	}

	std::string bytes()
	{
		return std::string(1 + pick(20'000),
				   static_cast<char>('A' + pick(26)));
	}

	bool write(const fs::path &path, int flags)
	{
		const int fd =
			::open(path.c_str(),
			       O_WRONLY | O_NOFOLLOW | O_CLOEXEC | flags, 0644);
		if (fd < 0)
			return false;
		const std::string data = bytes();
		const bool good = ::write(fd, data.data(), data.size()) > 0;
		::close(fd);
		return good;
	}

	bool truncate(const fs::path &path)
	{
		const int fd =
			::open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
		const bool good = fd >= 0 && ::ftruncate(fd, pick(9'000)) == 0;
		::close(fd);
		return good;
	}

	bool move_in();
	/// Directories less often: all below one is compared anew then, which
	/// would hide what was missed there before.
	bool rename_at_random()
	{
		const fs::path from = existing();
		std::error_code gone;
		if (fs::is_directory(fs::symlink_status(from, gone)) && pick(6))
			return false;
		return ::rename(from.c_str(), place().c_str()) == 0;
	}

	bool remove_all(const fs::path &path)
	{
		std::error_code failed;
		return path != tree_ && fs::remove_all(path, failed) > 0 &&
		       !failed;
	}

	fs::path tree_, outside_;
	std::minstd_rand random_;
};

bool writer::move_in()
{
	const fs::path made = outside_ / ("in" + std::to_string(random_()));
	::mkdir(made.c_str(), 0755);
	write(made / "a", O_CREAT);
	::mkdir((made / "b").c_str(), 0700);
	write(made / "b" / "c", O_CREAT);
	return ::rename(made.c_str(), place().c_str()) == 0;
}

bool writer::work()
{
	const auto out = [this] {
		return outside_ / std::to_string(random_());
	};
	switch (pick(20)) {
	case 0:
	case 1:
	case 2:
		return write(place(), O_CREAT | O_EXCL);
	case 3:
	case 4:
		return write(existing(), 0);
	case 5:
		return write(existing(), O_APPEND);
	case 6:
		return write(existing(), O_TRUNC);
	case 7:
		return truncate(existing());
	case 8:
		return ::chmod(place().c_str(), 0600 + pick(0200)) == 0;
	case 9:
	case 10:
	case 11:
		return ::mkdir(place().c_str(), 0755) == 0;
	case 12:
	case 13:
	case 14:
		return rename_at_random();
	case 15:
		return ::link(existing().c_str(), place().c_str()) == 0;
	case 16:
		return ::symlink(name().c_str(), place().c_str()) == 0;
	case 17:
		return ::unlink(existing().c_str()) == 0;
	case 18:
		return pick(2) ? remove_all(place()) : move_in();
	default:
		return pick(3) == 0 &&
		       ::rename(place().c_str(), out().c_str()) == 0;
	}
}

} // namespace

writers::writers(const fs::path &tree, const fs::path &outside,
		 std::uint32_t seed, int operations)
{
	for (std::uint32_t i = 0; i < 3; i++)
		threads_.emplace_back([=, this] {
			writer w(tree, outside, seed + i);
			while (done_ < operations)
				if (w.work())
					done_.fetch_add(1), done_.notify_all();
		});
}

void writers::join()
{
	for (std::thread &t : threads_)
		if (t.joinable())
			t.join();
}

void writers::await(int operations) const
{
	for (int seen = done_; seen < operations; seen = done_)
		done_.wait(seen);
}
