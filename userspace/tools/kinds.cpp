// SPDX-License-Identifier: GPL-2.0-or-later
#include "kinds.hpp"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <span>

#include <imon/error.hpp>
#include <linux/imon.h>

namespace imon::tools {

namespace {

/// By number of the bit.
constexpr const char *kinds[] = {
	"create",	"delete",     "rename",	   "modify", "close-write",
	"attrib",	"link",	      "multilink", "dirty",  "recursive",
	"root-deleted", "root-moved", "unmount",
};
static_assert(IMON_EVENT_UNMOUNT == 1U << (std::size(kinds) - 1));

/// What one can ask for; the others come unasked.
constexpr std::size_t askable = 6;
static_assert(IMON_EVENT_ATTRIB == 1U << (askable - 1));

/// By number of the mode.
constexpr const char *modes[] = {"log", "state"};
static_assert(IMON_MODE_STATE == std::size(modes) - 1);

std::size_t index_of(std::span<const char *const> words,
		     const std::string &word, const char *what)
{
	const auto found = std::find(words.begin(), words.end(), word);
	if (found != words.end())
		return static_cast<std::size_t>(found - words.begin());
	std::string all;
	for (const char *w : words)
		all += (all.empty() ? "" : ", ") + std::string(w);
	throw error(EINVAL,
		    "\"" + word + "\" is no " + what + "; there are: " + all);
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
		mask |= 1U << index_of(std::span(kinds).first(askable),
				       list.substr(at, end - at),
				       "kind of event that can be asked for");
	}
	return mask;
}

std::string mode_name(std::uint32_t mode)
{
	return mode < std::size(modes) ? modes[mode]
				       : "mode-" + std::to_string(mode);
}

std::uint32_t mode_of(const std::string &name)
{
	return static_cast<std::uint32_t>(index_of(modes, name, "mode"));
}

} // namespace imon::tools
