// SPDX-License-Identifier: GPL-2.0-or-later
#include "child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>

#include "quote.hpp"

namespace imon::mirrord {

namespace {

constexpr std::size_t message_max = 4096;
constexpr std::size_t chunks_at_once = 16;

[[noreturn]] void fail(const char *what)
{
	throw std::system_error(errno, std::generic_category(), what);
}

struct channel {
	descriptor read, write;

	channel()
	{
		int ends[2];
		if (pipe2(ends, O_CLOEXEC) < 0)
			fail("pipe2");
		read = descriptor(ends[0]);
		write = descriptor(ends[1]);
	}
};

void set_nonblocking(int fd)
{
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0)
		fail("fcntl");
}

/// What a child says when it does not get as far as the program.
struct obituary {
	enum class stage { source, program } where;
	int errno_value;
};

[[noreturn]] void die(int last_words, obituary::stage where)
{
	const obituary o{where, errno};
	const auto written = write(last_words, &o, sizeof o);
	_exit(written == sizeof o ? 127 : 126);
}

/// The child's side, up to the program. Its parent has one thread, so
/// everything may be called here.
[[noreturn]] void become(const std::vector<std::string> &argv,
			 const source_tree &source, std::array<int, 3> standard,
			 int last_words, pid_t parent)
{
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	// Killed before that: a daemon that is started again shall not meet a
	// program of the last one.
	if (getppid() != parent)
		_exit(126);
	std::signal(SIGPIPE, SIG_DFL);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, nullptr);
	for (int i = 0; i < 3; i++)
		dup2(standard[static_cast<std::size_t>(i)], i);
	// Names are bytes, and messages are to be the ones we know.
	unsetenv("RSYNC_ICONV");
	setenv("LC_ALL", "C", 1);

	const descriptor root = source.open();
	if (!root || fchdir(root.get()) < 0)
		die(last_words, obituary::stage::source);
	std::vector<char *> words;
	words.reserve(argv.size() + 1);
	for (const std::string &word : argv)
		words.push_back(const_cast<char *>(word.c_str()));
	words.push_back(nullptr);
	execvp(words[0], words.data());
	die(last_words, obituary::stage::program);
}

class child final : public job {
public:
	child(poller &loop, std::string input, launcher::output printed,
	      launcher::done ended)
		: loop_(loop)
		, input_(std::move(input))
		, printed_(std::move(printed))
		, ended_(std::move(ended))
	{
	}

	~child() override
	{
		if (pid_ <= 0)
			return;
		kill(-pid_, SIGKILL);
		waitpid(pid_, nullptr, 0);
	}

	void run(const std::vector<std::string> &argv,
		 const source_tree &source);
	void terminate() override { kill(-pid_, SIGTERM); }

private:
	void feed();
	/// @param chunks  at most, as others wait, too
	void read_output(std::size_t chunks);
	void read_errors();
	void complain(std::string_view chunk);
	void reap();
	/// Reports an end that came before the program.
	void refuse(const obituary &o, const std::string &program);

	poller &loop_;
	std::string input_;
	std::size_t fed_ = 0;
	std::string errors_, last_errors_;
	launcher::output printed_;
	launcher::done ended_;
	exit_report stillborn_;
	pid_t pid_ = 0;
	channel in_, out_, err_;
	descriptor process_;
	poller::subscription feeding_, printing_, complaining_, running_;
};

void child::run(const std::vector<std::string> &argv, const source_tree &source)
{
	channel last_words;
	const pid_t self = getpid();
	pid_ = fork();
	if (pid_ < 0)
		fail("fork");
	if (pid_ == 0)
		become(argv, source,
		       {in_.read.get(), out_.write.get(), err_.write.get()},
		       last_words.write.get(), self);
	for (descriptor *theirs :
	     {&in_.read, &out_.write, &err_.write, &last_words.write})
		theirs->close();
	// Debian 12's <sys/pidfd.h> is not fit for C++.
	process_ =
		descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
	if (!process_)
		fail("pidfd_open");
	for (const int fd : {in_.write.get(), out_.read.get(), err_.read.get()})
		set_nonblocking(fd);

	// Closed by exec: so this waits for the program, and no longer.
	obituary o{};
	if (read(last_words.read.get(), &o, sizeof o) == sizeof o)
		refuse(o, argv.front());
	running_ = loop_.add(process_.get(), POLLIN, [this] { reap(); });
	feeding_ = loop_.add(in_.write.get(), POLLOUT, [this] { feed(); });
	printing_ = loop_.add(out_.read.get(), POLLIN,
			      [this] { read_output(chunks_at_once); });
	complaining_ =
		loop_.add(err_.read.get(), POLLIN, [this] { read_errors(); });
}

void child::refuse(const obituary &o, const std::string &program)
{
	stillborn_.status = -1;
	stillborn_.message = o.where == obituary::stage::source
				     ? "the source is not there"
				     : "cannot run " + quote(program) + ": " +
					       std::strerror(o.errno_value);
}

void child::feed()
{
	const ssize_t n = write(in_.write.get(), input_.data() + fed_,
				input_.size() - fed_);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		fed_ += static_cast<std::size_t>(n);
	if (n < 0 || fed_ == input_.size()) {
		feeding_.cancel();
		in_.write.close();
	}
}

void child::read_output(std::size_t chunks)
{
	std::array<char, 4096> buffer;
	for (; chunks > 0; chunks--) {
		const ssize_t n =
			read(out_.read.get(), buffer.data(), buffer.size());
		if (n > 0)
			printed_({buffer.data(), static_cast<std::size_t>(n)});
		else if (n < 0 && errno == EAGAIN)
			return;
		else
			return printing_.cancel();
	}
}

void child::read_errors()
{
	std::array<char, 4096> buffer;
	ssize_t n;
	while ((n = read(err_.read.get(), buffer.data(), buffer.size())) > 0)
		complain({buffer.data(), static_cast<std::size_t>(n)});
	if (n == 0)
		complaining_.cancel();
}

/// Keeps the beginning, and the end, where rsync says what became of it.
void child::complain(std::string_view chunk)
{
	const std::size_t head =
		std::min(chunk.size(), message_max - errors_.size());
	errors_ += chunk.substr(0, head);
	last_errors_ += chunk.substr(head);
	if (last_errors_.size() > message_max)
		last_errors_.erase(0, last_errors_.size() - message_max);
}

void child::reap()
{
	siginfo_t info{};
	if (waitid(P_PIDFD, static_cast<id_t>(process_.get()), &info, WEXITED) <
	    0)
		fail("waitid");
	pid_ = 0;
	// What it left behind, a shared ssh connection for one, may keep its
	// pipes open; nobody waits for them.
	read_output(std::numeric_limits<std::size_t>::max());
	read_errors();
	for (auto *s : {&running_, &feeding_, &printing_, &complaining_})
		s->cancel();
	exit_report report = stillborn_;
	if (report.status == 0) {
		report.status = info.si_code == CLD_EXITED
					? info.si_status
					: 128 + info.si_status;
		report.message = errors_ + last_errors_;
	}
	ended_(report);
}

} // namespace

std::unique_ptr<job> child_launcher::start(const std::vector<std::string> &argv,
					   std::string input, output printed,
					   done ended)
{
	auto c = std::make_unique<child>(loop_, std::move(input),
					 std::move(printed), std::move(ended));
	c->run(argv, source_);
	return c;
}

} // namespace imon::mirrord
