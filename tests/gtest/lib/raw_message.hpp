// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TESTS_RAW_MESSAGE_HPP
#define IMON_TESTS_RAW_MESSAGE_HPP

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <imon/event.hpp>

#include "attributes.hpp"

namespace imon::test {

/// Any type for the family; generic netlink gives out such numbers.
constexpr std::uint16_t family = 0x21;

bytes raw(std::initializer_list<unsigned> values);

/// Attributes, written independently of libimon's own writer.
bytes attribute(unsigned type, std::string_view payload);
bytes u32(unsigned type, std::uint32_t value);
bytes u64(unsigned type, std::uint64_t value);
bytes text(unsigned type, std::string_view value);

bytes operator+(bytes left, const bytes &right);

/// A netlink message with its header.
bytes netlink(std::uint16_t type, std::uint16_t flags, std::uint32_t seq,
	      const bytes &body);
/// A generic netlink message of the family.
bytes reply(std::uint32_t seq, std::uint8_t command, const bytes &attributes,
	    std::uint16_t flags = 0);
/// NLMSG_ERROR, as the kernel sends it to those who asked for NETLINK_EXT_ACK.
bytes answer(std::uint32_t seq, int error = 0, std::string_view sentence = {});
/// NLMSG_DONE.
bytes done(std::uint32_t seq, int error = 0, std::uint16_t flags = 0);
bytes wake();
bytes unloaded(std::string_view family_name);

bytes attributes_of(const event &e);

} // namespace imon::test

#endif
