// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_MIRRORD_METRICS_HPP
#define IMON_MIRRORD_METRICS_HPP

#include <memory>
#include <string>
#include <vector>

#include "poller.hpp"
#include "report.hpp"
#include "steering.hpp"

struct MHD_Daemon;

namespace imon::mirrord {

/// What Prometheus reads, in its text format.
std::string metrics_text(const std::vector<mirror_report> &mirrors);

/// Answers GET /metrics, in the event loop.
class metrics_server {
public:
	/// @param address  ADDRESS:PORT, an IPv6 address in brackets
	/// @throws error when it cannot be bound
	metrics_server(poller &loop, steering &daemon,
		       const std::string &address);

private:
	struct stop {
		void operator()(MHD_Daemon *d) const;
	};

	std::unique_ptr<MHD_Daemon, stop> server_;
	poller::subscription serving_;
};

} // namespace imon::mirrord

#endif
