// SPDX-License-Identifier: GPL-2.0-or-later
#include "fanotify_notice.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/fanotify.h>

#include <random>

using imon::fanotify_notice;
using imon::parse_notices;
using namespace std::string_literals;

namespace {

template <typename T>
std::string bytes_of(const T &value)
{
	return {reinterpret_cast<const char *>(&value), sizeof value};
}

std::string handle(std::string data)
{
	return bytes_of(static_cast<unsigned>(data.size())) + bytes_of(1) +
	       std::move(data);
}

const std::string fsid = "12345678";

std::string record(unsigned char type, std::string data)
{
	data.resize((data.size() + 3) / 4 * 4);
	fanotify_event_info_header head{};
	head.info_type = type;
	head.len = static_cast<unsigned short>(sizeof head + data.size());
	return bytes_of(head) + data;
}

std::string fid(unsigned char type, const std::string &of,
		const std::string &name = {})
{
	return record(type,
		      fsid + handle(of) + (name.empty() ? name : name + '\0'));
}

std::string event(std::uint64_t mask, const std::string &records)
{
	fanotify_event_metadata head{};
	head.vers = FANOTIFY_METADATA_VERSION;
	head.metadata_len = sizeof head;
	head.event_len = static_cast<unsigned>(sizeof head + records.size());
	head.mask = mask;
	head.fd = FAN_NOFD;
	return bytes_of(head) + records;
}

const std::string created =
	event(FAN_CREATE, fid(FAN_EVENT_INFO_TYPE_DFID_NAME, "dir", "\xff\n") +
				  fid(FAN_EVENT_INFO_TYPE_FID, "file"));
const std::string renamed =
	event(FAN_RENAME | FAN_ONDIR,
	      fid(FAN_EVENT_INFO_TYPE_OLD_DFID_NAME, "from", "old") +
		      fid(FAN_EVENT_INFO_TYPE_NEW_DFID_NAME, "to", "new") +
		      record(FAN_EVENT_INFO_TYPE_PIDFD, "none") +
		      fid(FAN_EVENT_INFO_TYPE_FID, "moved"));

void is_lost(const std::string &bytes)
{
	const auto all = parse_notices(bytes);
	ASSERT_FALSE(all.empty());
	EXPECT_FALSE(all.back().lost.empty());
}

std::string with_name(const std::string &name)
{
	return event(FAN_CREATE,
		     fid(FAN_EVENT_INFO_TYPE_DFID_NAME, "dir", name));
}

} // namespace

TEST(fanotify_notice, HasDirectoryNameAndObject)
{
	const std::vector<fanotify_notice> all = {
		{.mask = FAN_CREATE,
		 .filesystem = fsid,
		 .at = {{handle("dir"), "\xff\n"}},
		 .object = handle("file")},
		{.mask = FAN_RENAME | FAN_ONDIR,
		 .filesystem = fsid,
		 .at = {{handle("from"), "old"}},
		 .moved_to = {{handle("to"), "new"}},
		 .object = handle("moved")}};
	EXPECT_EQ(parse_notices(created + renamed), all);
	EXPECT_TRUE(parse_notices({}).empty());
}

TEST(fanotify_notice, TellsOfAnOverflowAmongOthers)
{
	const auto all =
		parse_notices(created + event(FAN_Q_OVERFLOW, {}) + created);
	ASSERT_EQ(all.size(), 3u);
	EXPECT_FALSE(all[1].lost.empty());
	EXPECT_EQ(all[2], all[0]);
}

TEST(fanotify_notice, AHandleOfNoBytesIsNone)
{
	const auto all = parse_notices(
		event(FAN_ATTRIB, fid(FAN_EVENT_INFO_TYPE_FID, "")));
	ASSERT_EQ(all.size(), 1u);
	EXPECT_TRUE(all[0].object.empty() && all[0].lost.empty());
}

TEST(fanotify_notice, ALengthThatCannotBeMeansThatEventsAreLost)
{
	const std::string all = created + renamed;
	for (std::size_t end = 1; end < all.size(); end++)
		if (end != created.size())
			is_lost(all.substr(0, end));
	constexpr std::size_t metadata = sizeof(fanotify_event_metadata);
	constexpr std::size_t records = metadata + 2, handles = metadata + 12;
	for (const std::size_t length :
	     {std::size_t(0), offsetof(fanotify_event_metadata, vers),
	      offsetof(fanotify_event_metadata, metadata_len), records,
	      handles}) {
		SCOPED_TRACE(length);
		is_lost(std::string(created).replace(length, 2, "\xff\xff"));
		if (length != handles)
			is_lost(std::string(created).replace(length, 2, 2,
							     '\0'));
	}
}

TEST(fanotify_notice, ANameThatLeadsElsewhereMeansThatEventsAreLost)
{
	for (const char *name : {"..", "a/b", "/"})
		is_lost(with_name(name));
	is_lost(event(FAN_CREATE, fid(FAN_EVENT_INFO_TYPE_DFID_NAME, "dir")));
	is_lost(event(FAN_CREATE, record(FAN_EVENT_INFO_TYPE_DFID_NAME,
					 fsid + handle("dir!") + "open")));
	is_lost(event(FAN_CREATE, {}));
	EXPECT_TRUE(parse_notices(with_name("...")).front().lost.empty());
}

TEST(fanotify_notice, SurvivesWhateverIsRead)
{
	std::minstd_rand random(1);
	for (int i = 0; i < 20'000; i++) {
		std::string bad = created + renamed;
		for (unsigned n = 1 + random() % 4; n; n--)
			bad[random() % bad.size()] =
				static_cast<char>(random() % 256);
		// From the heap, so that a sanitizer sees what lies beyond.
		const std::string exact(bad.data(), bad.size());
		for (const fanotify_notice &n : parse_notices(exact))
			for (const auto &entry : {n.at, n.moved_to}) {
				const std::string name =
					entry ? entry->name : "none";
				EXPECT_EQ(name.find('/'), std::string::npos);
			}
	}
}
