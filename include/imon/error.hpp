// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_ERROR_HPP
#define IMON_ERROR_HPP

#include <string>
#include <system_error>

namespace imon {

/// Why a call failed: an errno in code() and, in what(), one sentence that a
/// user can act on (the kernel's own where it gave one).
///
/// ENODEV: the module is not loaded.
///
/// Thrown while things are set up. What may happen at run time to a correct
/// program (records degraded, peer gone) is a value, never an exception.
class error : public std::system_error {
public:
	error(int errno_value, const std::string &sentence)
		: std::system_error(errno_value, std::generic_category(),
				    sentence)
		, sentence_(sentence)
	{
	}

	/// The sentence alone, without the text of the errno.
	const std::string &sentence() const noexcept { return sentence_; }

private:
	std::string sentence_;
};

} // namespace imon

#endif
