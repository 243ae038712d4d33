// SPDX-License-Identifier: GPL-2.0-or-later
#include "control_request.hpp"

#include <cerrno>

#include <imon/error.hpp>

#include "json_archive.hpp"

namespace imon::mirrord {

static void fields(auto &archive, either<control_request> auto &of)
{
	archive("command", of.command);
	archive("mirror", of.which.mirror);
	archive("replica", of.which.replica);
	archive("path", of.path);
	archive("quorum", of.quorum);
	archive("follow", of.follow);
}

std::string line_of(const control_request &request)
{
	return json_writer::json_of(request).dump();
}

control_request parse_control_request(const std::string &line)
try {
	control_request request;
	json_reader::read(nlohmann::ordered_json::parse(line), request);
	return request;
} catch (const nlohmann::json::exception &) {
	throw error(EINVAL, "this is no request; send one JSON object a line, "
			    "as in: {\"command\":\"status\"}");
}

} // namespace imon::mirrord
