// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_JSON_ARCHIVE_HPP
#define IMON_MIRRORD_JSON_ARCHIVE_HPP

#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <nlohmann/json.hpp>

#include "file_name.hpp"
#include "report.hpp"

namespace imon::mirrord {

/// A moment as ISO 8601 has it, to the second, in UTC.
std::string iso_time(wall_time when);
/// @return the epoch when it is no such text
wall_time time_of_iso(const std::string &text);

/// What the library itself puts into JSON.
template <typename value>
concept plain = std::is_arithmetic_v<value> || std::is_enum_v<value>;

/// Makes a JSON object of a struct. What the struct consists of is said once,
/// for writing and for reading, by a function
///
///	void fields(auto &archive, same_struct auto &of)
///
/// which calls the archive with the name and the value of each member. Strings
/// are bytes, see tools::put_name(); what is not set is null.
class json_writer {
public:
	template <typename value>
	void operator()(const char *name, const value &v)
	{
		if constexpr (std::same_as<value, std::string>)
			tools::put_name(object_, name, v);
		else
			object_[name] = json_of(v);
	}

	template <typename value>
	static nlohmann::ordered_json json_of(const value &v)
	{
		json_writer inner;
		fields(inner, v);
		return std::move(inner.object_);
	}
	template <plain value>
	static nlohmann::ordered_json json_of(const value &v)
	{
		return v;
	}
	static nlohmann::ordered_json json_of(wall_time when)
	{
		return iso_time(when);
	}
	template <typename rep, typename period>
	static nlohmann::ordered_json json_of(
		std::chrono::duration<rep, period> v)
	{
		return v.count();
	}
	/// Where no name can be chosen, bytes that are no text are an object.
	static nlohmann::ordered_json json_of(const std::string &v)
	{
		nlohmann::ordered_json named;
		tools::put_name(named, "bytes", v);
		return named.contains("bytes") ? named["bytes"] : named;
	}
	template <typename value>
	static nlohmann::ordered_json json_of(const std::optional<value> &v)
	{
		return v ? json_of(*v) : nlohmann::ordered_json();
	}
	template <typename value>
	static nlohmann::ordered_json json_of(const std::vector<value> &v)
	{
		auto list = nlohmann::ordered_json::array();
		for (const auto &element : v)
			list.push_back(json_of(element));
		return list;
	}

private:
	nlohmann::ordered_json object_ = nlohmann::ordered_json::object();
};

/// The way back. What is missing or null stays as it is.
/// @throws nlohmann::json::exception for a value of another type
class json_reader {
public:
	explicit json_reader(const nlohmann::ordered_json &object)
		: object_(object)
	{
	}

	template <typename value>
	void operator()(const char *name, value &v)
	{
		if constexpr (std::same_as<value, std::string>) {
			v = tools::get_name(object_, name);
			return;
		}
		const auto found = object_.find(name);
		if (found != object_.end() && !found->is_null())
			read(*found, v);
	}

	template <typename value>
	static void read(const nlohmann::ordered_json &from, value &v)
	{
		from.get_ref<const nlohmann::ordered_json::object_t &>();
		json_reader inner(from);
		fields(inner, v);
	}
	template <plain value>
	static void read(const nlohmann::ordered_json &from, value &v)
	{
		from.get_to(v);
	}
	static void read(const nlohmann::ordered_json &from, wall_time &when)
	{
		when = time_of_iso(from.get<std::string>());
	}
	template <typename rep, typename period>
	static void read(const nlohmann::ordered_json &from,
			 std::chrono::duration<rep, period> &v)
	{
		v = std::chrono::duration<rep, period>(from.get<rep>());
	}
	static void read(const nlohmann::ordered_json &from, std::string &v)
	{
		v = from.is_string() ? from.get<std::string>()
				     : tools::get_name(from, "bytes");
	}
	template <typename value>
	static void read(const nlohmann::ordered_json &from,
			 std::optional<value> &v)
	{
		read(from, v.emplace());
	}
	template <typename value>
	static void read(const nlohmann::ordered_json &from,
			 std::vector<value> &v)
	{
		using array = nlohmann::ordered_json::array_t;
		v.clear();
		for (const auto &element : from.get_ref<const array &>())
			read(element, v.emplace_back());
	}

private:
	const nlohmann::ordered_json &object_;
};

/// For fields(): a struct to be written, or to be read.
template <typename value, typename type>
concept either = std::same_as<std::remove_const_t<value>, type>;

} // namespace imon::mirrord

#endif
