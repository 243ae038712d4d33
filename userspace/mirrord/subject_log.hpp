// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_SUBJECT_LOG_HPP
#define IMON_MIRRORD_SUBJECT_LOG_HPP

#include <string>
#include <utility>

#include <spdlog/spdlog.h>

#include "message_limit.hpp"

namespace imon::mirrord {

/// What is logged about a mirror, or about one of its replicas. journald gets
/// that as fields, too; nobody gets more of it than message_limit lets through.
class subject_log {
public:
	using level = spdlog::level::level_enum;

	/// @param root     empty: it is about all mirrors of that instance
	/// @param replica  empty: it is about the mirror
	explicit subject_log(std::string mirror, std::string root = {},
			     std::string replica = {})
		: mirror_(std::move(mirror))
		, root_(std::move(root))
		, replica_(std::move(replica))
	{
	}

	template <typename... Args>
	void write(level how, const message_kind &kind,
		   fmt::format_string<Args...> format, Args &&...args)
	{
		if (spdlog::should_log(how))
			take({how, kind,
			      fmt::format(format,
					  std::forward<Args>(args)...)});
	}
	/// Each format is a kind of its own.
	template <typename... Args>
	void write(level how, fmt::format_string<Args...> format,
		   Args &&...args)
	{
		const fmt::string_view text = format;
		write(how, message_kind{{text.data(), text.size()}}, format,
		      std::forward<Args>(args)...);
	}

	/// Says what was kept back and is due.
	/// @return when there is more
	std::optional<clock::time_point> catch_up(clock::time_point now);

private:
	void take(const message &m);
	void say(const message &m) const;

	std::string mirror_, root_, replica_;
	message_limit limit_;
};

} // namespace imon::mirrord

#endif
