// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fanotify_notice.hpp"

#include <fcntl.h>
#include <sys/fanotify.h>

#include <cstring>

namespace imon {

namespace {

/// Takes a @p T from the beginning of @p bytes; nothing when they end before.
template <typename T>
std::optional<T> take(std::string_view &bytes)
{
	T value;
	if (bytes.size() < sizeof value)
		return std::nullopt;
	std::memcpy(&value, bytes.data(), sizeof value);
	bytes.remove_prefix(sizeof value);
	return value;
}

bool is_name(std::string_view name)
{
	return !name.empty() && name != ".." &&
	       name.find('/') == std::string_view::npos;
}

struct fid_record {
	std::string filesystem, handle, name;
};

/// @param named  whether a name follows the handle
std::optional<fid_record> parse_fid(std::string_view bytes, bool named)
{
	fid_record record;
	if (bytes.size() < sizeof(__kernel_fsid_t))
		return std::nullopt;
	record.filesystem = bytes.substr(0, sizeof(__kernel_fsid_t));
	bytes.remove_prefix(sizeof(__kernel_fsid_t));
	std::string_view rest = bytes;
	const auto head = take<file_handle>(rest);
	if (!head || head->handle_bytes > MAX_HANDLE_SZ ||
	    head->handle_bytes > rest.size())
		return std::nullopt;
	if (head->handle_bytes)
		record.handle =
			bytes.substr(0, sizeof *head + head->handle_bytes);
	rest.remove_prefix(head->handle_bytes);
	if (!named)
		return record;
	const std::size_t end = rest.find('\0');
	if (end == std::string_view::npos || !is_name(rest.substr(0, end)))
		return std::nullopt;
	record.name = rest.substr(0, end);
	return record;
}

/// @return whether it makes sense
bool take_in(fanotify_notice &n, unsigned type, std::string_view bytes)
{
	const bool named = type == FAN_EVENT_INFO_TYPE_DFID_NAME ||
			   type == FAN_EVENT_INFO_TYPE_OLD_DFID_NAME ||
			   type == FAN_EVENT_INFO_TYPE_NEW_DFID_NAME;
	if (!named && type != FAN_EVENT_INFO_TYPE_FID)
		return true; // of no interest
	auto record = parse_fid(bytes, named);
	if (!record)
		return false;
	n.filesystem = std::move(record->filesystem);
	if (type == FAN_EVENT_INFO_TYPE_FID)
		n.object = std::move(record->handle);
	else if (type == FAN_EVENT_INFO_TYPE_NEW_DFID_NAME)
		n.moved_to = {std::move(record->handle),
			      std::move(record->name)};
	else
		n.at = {std::move(record->handle), std::move(record->name)};
	return true;
}

fanotify_notice parse_records(std::uint64_t mask, std::string_view bytes)
{
	const fanotify_notice senseless{
		.lost = "fanotify said what makes no sense"};
	if (mask & FAN_Q_OVERFLOW)
		return {.lost = "more happened than fanotify's queue holds"};
	fanotify_notice n{.mask = mask};
	while (!bytes.empty()) {
		std::string_view record = bytes;
		const auto head = take<fanotify_event_info_header>(record);
		if (!head || head->len < sizeof *head ||
		    head->len > bytes.size())
			return senseless;
		record = record.substr(0, head->len - sizeof *head);
		if (!take_in(n, head->info_type, record))
			return senseless;
		bytes.remove_prefix(head->len);
	}
	return n.filesystem.empty() ? senseless : n;
}

} // namespace

std::vector<fanotify_notice> parse_notices(std::string_view bytes)
{
	std::vector<fanotify_notice> all;
	while (!bytes.empty()) {
		std::string_view rest = bytes;
		const auto head = take<fanotify_event_metadata>(rest);
		if (!head || head->vers != FANOTIFY_METADATA_VERSION ||
		    head->metadata_len < sizeof *head ||
		    head->event_len < head->metadata_len ||
		    head->event_len > bytes.size()) {
			all.push_back(parse_records(0, {}));
			break;
		}
		all.push_back(parse_records(
			head->mask,
			bytes.substr(head->metadata_len,
				     head->event_len - head->metadata_len)));
		bytes.remove_prefix(head->event_len);
	}
	return all;
}

} // namespace imon
