// SPDX-License-Identifier: GPL-2.0-or-later
#include "kinds.hpp"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <span>
#include <string_view>

#include <imon/error.hpp>
#include <linux/imon.h>

namespace imon::tools {

namespace {

/// By number of the bit.
constexpr const char *kinds[] = {
	"create",	"delete",     "rename",	   "modify", "close-write",
	"attrib",	"link",	      "multilink", "dirty",  "recursive",
	"root-deleted", "root-moved", "unmount",   "exec",   "exit",
};
static_assert(IMON_EVENT_EXIT == 1U << (std::size(kinds) - 1));

/// What one can ask for; the others come unasked.
constexpr std::uint32_t askable = IMON_EVENT_CREATE | IMON_EVENT_DELETE |
				  IMON_EVENT_RENAME | IMON_EVENT_MODIFY |
				  IMON_EVENT_CLOSE_WRITE | IMON_EVENT_ATTRIB |
				  IMON_EVENT_EXEC | IMON_EVENT_EXIT;

/// By number of the mode.
constexpr const char *modes[] = {"log", "state"};
static_assert(IMON_MODE_STATE == std::size(modes) - 1);

/// By number of the scope.
constexpr const char *scopes[] = {"tree", "dir", "inode"};
static_assert(IMON_SCOPE_INODE == std::size(scopes) - 1);

/// @return the place of @p word in @p words, or their number
std::size_t index_of(std::span<const char *const> words,
		     const std::string &word)
{
	return static_cast<std::size_t>(
		std::find(words.begin(), words.end(), word) - words.begin());
}

template <typename list>
std::string joined(const list &words)
{
	std::string out;
	for (const std::string_view w : words)
		out.append(out.empty() ? "" : ", ").append(w);
	return out;
}

std::string name_of(std::span<const char *const> words, const char *what,
		    std::uint32_t number)
{
	return number < words.size()
		       ? words[number]
		       : std::string(what) + '-' + std::to_string(number);
}

std::uint32_t number_of(std::span<const char *const> words, const char *what,
			const std::string &word)
{
	const auto number = index_of(words, word);
	if (number == words.size())
		throw error(EINVAL, "\"" + word + "\" is no " + what +
					    "; there are: " + joined(words));
	return static_cast<std::uint32_t>(number);
}

std::uint32_t bit_of(const std::string &word)
{
	const auto bit = index_of(kinds, word);
	if (bit < std::size(kinds) && askable >> bit & 1)
		return 1U << bit;
	throw error(EINVAL, "\"" + word +
				    "\" is no kind of event that can be asked "
				    "for; there are: " +
				    joined(kinds_of(askable)));
}

} // namespace

std::vector<std::string> kinds_of(std::uint32_t mask)
{
	std::vector<std::string> out;
	for (std::size_t bit = 0; mask >> bit; bit++) {
		if (!(mask >> bit & 1))
			continue;
		out.push_back(bit < std::size(kinds)
				      ? kinds[bit]
				      : "bit-" + std::to_string(bit));
		if (bit == 31)
			break;
	}
	return out;
}

std::uint32_t mask_of(const std::string &list)
{
	std::uint32_t mask = 0;
	for (std::size_t at = 0, end = 0; end != std::string::npos;
	     at = end + 1) {
		end = list.find(',', at);
		mask |= bit_of(list.substr(at, end - at));
	}
	return mask;
}

std::string mode_name(std::uint32_t mode)
{
	return name_of(modes, "mode", mode);
}

std::uint32_t mode_of(const std::string &name)
{
	return number_of(modes, "mode", name);
}

std::string scope_name(std::uint32_t scope)
{
	return name_of(scopes, "scope", scope);
}

std::uint32_t scope_of(const std::string &name)
{
	return number_of(scopes, "scope", name);
}

} // namespace imon::tools
