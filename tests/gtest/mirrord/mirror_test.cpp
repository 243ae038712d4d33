// SPDX-License-Identifier: GPL-2.0-or-later
#include "mirror.hpp"

#include <gmock/gmock.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#include <imon/error.hpp>

#include "fake_launcher.hpp"
#include "sandbox.hpp"

using namespace imon::mirrord;
using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

/// Events that the test makes up.
class fake_source final : public imon::source {
public:
	std::string name() const override { return "fake"; }
	std::uint32_t add_tree(int, const std::string &, std::uint32_t) override
	{
		return 1;
	}
	int fd() const noexcept override { return wake_.get(); }
	void ack(std::uint64_t seq) override { acks.push_back(seq); }

	imon::dispatch_result dispatch(const handler &h) override
	{
		eventfd_t n;
		eventfd_read(wake_.get(), &n);
		imon::dispatch_result result{.records = waiting_.size(),
					     .gone = gone};
		for (const imon::event &e : std::exchange(waiting_, {}))
			h(e);
		return result;
	}

	/// A record waits, but its wake is still to come.
	void happen(std::uint32_t mask, const std::string &path)
	{
		waiting_.push_back({.seq = ++seq_,
				    .watch = 1,
				    .mask = mask,
				    .type = S_IFREG,
				    .ino = 1,
				    .path = path,
				    .new_path = {}});
	}
	void emit(std::uint32_t mask, const std::string &path)
	{
		happen(mask, path);
		wake();
	}
	void wake() { eventfd_write(wake_.get(), 1); }

	int gone = 0;
	std::vector<std::uint64_t> acks;

private:
	descriptor wake_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
	std::vector<imon::event> waiting_;
	std::uint64_t seq_ = 0;
};

/// Plays the world: rsync ends at once, and between two turns of the daemon
/// something may happen.
struct mirror_test : testing::Test, launcher {
	sandbox files;
	mirror_settings settings;
	poller loop;
	fake_source *events = nullptr; ///< of the mirror that runs
	bool stopped = false;
	descriptor ended{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
	poller::subscription ending;
	std::vector<std::function<void()>>
		then; ///< one for each batch, at its end
	std::vector<std::string> sent;
	std::vector<done> running;

	mirror_test()
	{
		replica_settings r;
		r.where = {destination::way::local, "b", "/b/"};
		settings.name = "www";
		settings.guard = {.deletions = 0, .percent = 0};
		settings.replicas = {r};
		sandbox::write(files.source / "file", "");
		ending = loop.add(ended.get(), POLLIN, [this] { end_all(); });
	}

	std::unique_ptr<job> start(const std::vector<std::string> &,
				   std::string input, output,
				   done call) override
	{
		struct quiet : job {
			void terminate() override {}
		};
		sent.push_back(std::move(input));
		running.push_back(std::move(call));
		eventfd_write(ended.get(), 1);
		return std::make_unique<quiet>();
	}

	void end_all()
	{
		eventfd_t n;
		eventfd_read(ended.get(), &n);
		const std::size_t batch = sent.size() - 1;
		if (batch < then.size())
			then[batch]();
		for (const done &call : std::exchange(running, {}))
			call({0, ""});
	}

	/// Runs a mirror until it halts or the test stops it.
	std::optional<std::string> run()
	{
		const source_tree tree(files.source);
		journal store(files.top / "journal");
		auto source = std::make_unique<fake_source>();
		events = source.get();
		mirror m(settings, tree,
			 {.events = std::move(source), .now = now}, store, loop,
			 *this);
		while (!stopped && !m.halted()) {
			m.turn(false);
			m.acknowledge();
			if (!stopped && !m.halted())
				loop.wait(m.deadline());
		}
		acks = events->acks;
		m.turn(true);
		m.save();
		return m.halted();
	}

	epoch now{"boot", "1", "m 1", "root"};
	std::vector<std::uint64_t> acks;
};

TEST_F(mirror_test,
       sends_what_changes_and_acknowledges_it_when_it_is_in_the_journal)
{
	then = {[&] { events->emit(IMON_EVENT_CLOSE_WRITE, "file"); },
		[&] {
			EXPECT_THAT(events->acks, ElementsAre(1))
				<< "the journal has it";
			stopped = true;
		}};
	EXPECT_EQ(run(), std::nullopt);
	EXPECT_THAT(sent, ElementsAre("./\0"s, "./file\0"s));
}

TEST_F(mirror_test, takes_in_what_happened_during_a_batch_before_it_is_settled)
{
	then = {[&] { events->emit(IMON_EVENT_CLOSE_WRITE, "file"); },
		[&] { events->happen(IMON_EVENT_CLOSE_WRITE, "file"); },
		[&] { stopped = true; }};
	EXPECT_EQ(run(), std::nullopt);
	EXPECT_THAT(sent, ElementsAre("./\0"s, "./file\0"s, "./file\0"s));
	EXPECT_THAT(acks, ElementsAre(1, 2));
}

TEST_F(mirror_test, compares_known_replicas_in_a_new_epoch)
{
	then = {[&] { stopped = true; }, [&] { stopped = true; }};
	EXPECT_EQ(run(), std::nullopt);
	stopped = false;
	now.boot = "another";
	settings.initial_sync = false; // of replicas that are new
	EXPECT_EQ(run(), std::nullopt);
	EXPECT_THAT(sent, ElementsAre("./\0"s, "./\0"s));
}

TEST_F(mirror_test, halts_when_the_source_is_unmounted)
{
	then = {[&] { events->emit(IMON_EVENT_UNMOUNT, ""); }};
	EXPECT_EQ(run(), "source unmounted");
	EXPECT_EQ(sent.size(), 1u);
}

TEST_F(mirror_test, halts_when_another_directory_stands_there)
{
	then = {[&] {
		std::filesystem::rename(files.source, files.top / "old");
		std::filesystem::create_directory(files.source);
		events->emit(IMON_EVENT_ROOT_MOVED, "");
	}};
	EXPECT_EQ(run(), "source replaced by another directory");
	EXPECT_EQ(sent.size(), 1u);
}

TEST_F(mirror_test, halts_when_the_source_of_events_is_gone)
{
	then = {[&] {
		events->gone = ENODEV;
		events->wake();
	}};
	EXPECT_THAT(run().value(), HasSubstr("module"));
}

} // namespace
