// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef IMON_LIB_NETLINK_TRANSPORT_HPP
#define IMON_LIB_NETLINK_TRANSPORT_HPP

#include <memory>

#include "transport.hpp"

struct nl_sock;

namespace imon {

/// A generic netlink socket of libnl, connected to the module.
class netlink_transport final : public transport {
public:
	/// @throws error ENODEV when the module is not loaded
	netlink_transport();

	std::uint16_t family() const noexcept override { return family_; }
	int fd() const noexcept override;
	void send(byte_view datagram) override;
	received receive() override;

private:
	struct closer {
		void operator()(nl_sock *socket) const noexcept;
	};

	std::unique_ptr<nl_sock, closer> socket_;
	std::uint16_t family_ = 0;
	bytes buffer_;
};

} // namespace imon

#endif
