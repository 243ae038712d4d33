// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_LIB_TRANSPORT_HPP
#define IMON_LIB_TRANSPORT_HPP

#include <cstdint>

#include "attributes.hpp"

namespace imon {

/// A socket on which whole netlink datagrams come and go: the one seam between
/// libimon and the kernel, so that everything above runs without a module.
class transport {
public:
	struct received {
		/// 0; EAGAIN: nothing is there; ENOBUFS: the kernel had to drop
		/// something that was meant for this socket.
		int error = 0;
		/// Valid until the next receive().
		byte_view datagram;
	};

	virtual ~transport() = default;

	/// The message type that generic netlink gave to the module.
	virtual std::uint16_t family() const noexcept = 0;
	virtual int fd() const noexcept = 0;
	/// The kernel works a request off before this returns: the answer, or
	/// its beginning, then can be received. @throws error
	virtual void send(byte_view datagram) = 0;
	/// Never waits. @throws error
	virtual received receive() = 0;
};

} // namespace imon

#endif
