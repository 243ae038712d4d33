// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef IMON_TOOLS_STOP_SIGNALS_HPP
#define IMON_TOOLS_STOP_SIGNALS_HPP

#include "unique_fd.hpp"

namespace imon::tools {

/// SIGINT and SIGTERM as something to poll, for as long as the process lives.
class stop_signals {
public:
	/// @throws std::system_error
	stop_signals();

	int fd() const noexcept { return fd_.get(); }
	/// Whether one has come.
	bool came() const;

private:
	unique_fd fd_;
};

} // namespace imon::tools

#endif
