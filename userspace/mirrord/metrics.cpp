// SPDX-License-Identifier: GPL-2.0-or-later
#include "metrics.hpp"

#include <microhttpd.h>
#include <netdb.h>
#include <poll.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <string_view>

#include <fmt/format.h>
#include <imon/error.hpp>

#include "quote.hpp"

namespace imon::mirrord {

namespace {

/// As in a label: names of replicas may hold anything.
std::string escaped(const std::string &value)
{
	std::string text;
	for (const char c : quote(value)) {
		if (c == '\\' || c == '"')
			text += '\\';
		text += c;
	}
	return text;
}

double seconds(const std::optional<wall_time> &t)
{
	return t ? std::chrono::duration<double>(t->time_since_epoch()).count()
		 : 0;
}

template <typename Report>
struct metric {
	const char *name;
	const char *type;
	const char *help;
	double (*value)(const Report &);
};

constexpr metric<mirror_report> of_mirrors[] = {
	{"halted", "gauge", "Whether the mirror has halted.",
	 [](const mirror_report &m) { return m.halted.empty() ? 0.0 : 1.0; }},
	{"events_total", "counter", "Events taken in.",
	 [](const mirror_report &m) { return double(m.events); }},
	{"overflows_total", "counter", "Events that named a place to scan.",
	 [](const mirror_report &m) { return double(m.overflows); }},
	{"journal_events", "gauge", "Events that some replica lacks.",
	 [](const mirror_report &m) { return double(m.journal); }},
};

constexpr metric<replica_report> of_replicas[] = {
	{"in_sync", "gauge", "Whether the replica lacks nothing.",
	 [](const replica_report &r) {
		 return r.state == "in sync" ? 1.0 : 0.0;
	 }},
	{"lag_seconds", "gauge", "Age of the oldest change that it lacks.",
	 [](const replica_report &r) { return r.lag_seconds; }},
	{"pending_paths", "gauge", "Paths that it lacks.",
	 [](const replica_report &r) { return double(r.pending); }},
	{"failing_paths", "gauge", "Paths that failed alone.",
	 [](const replica_report &r) { return double(r.failing); }},
	{"held_deletions", "gauge", "Deletions that wait for approval.",
	 [](const replica_report &r) { return double(r.held_deletions); }},
	{"drift_paths", "gauge", "Paths that the last verification found.",
	 [](const replica_report &r) { return double(r.drift); }},
	{"last_success_timestamp_seconds", "gauge", "0: none yet.",
	 [](const replica_report &r) { return seconds(r.last_success); }},
	{"last_verified_timestamp_seconds", "gauge", "0: never.",
	 [](const replica_report &r) { return seconds(r.last_verified); }},
	{"batches_total", "counter", "Batches sent.",
	 [](const replica_report &r) { return double(r.batches); }},
	{"failures_total", "counter", "Batches that failed, if only in part.",
	 [](const replica_report &r) { return double(r.failures); }},
};

template <typename Report>
std::string head(const metric<Report> &m)
{
	return fmt::format("# HELP imon_mirrord_{0} {1}\n"
			   "# TYPE imon_mirrord_{0} {2}\n",
			   m.name, m.help, m.type);
}

MHD_Result respond(MHD_Connection *to, unsigned status, const std::string &text)
{
	MHD_Response *const r = MHD_create_response_from_buffer(
		text.size(), const_cast<char *>(text.data()),
		MHD_RESPMEM_MUST_COPY);
	if (!r)
		return MHD_NO;
	MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE,
				"text/plain; version=0.0.4; charset=utf-8");
	const MHD_Result result = MHD_queue_response(to, status, r);
	MHD_destroy_response(r);
	return result;
}

MHD_Result answer(void *daemon, MHD_Connection *to, const char *url,
		  const char *method, const char *, const char *, std::size_t *,
		  void **)
{
	if (std::string_view(method) != MHD_HTTP_METHOD_GET)
		return respond(to, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET\n");
	if (std::string_view(url) != "/metrics")
		return respond(to, MHD_HTTP_NOT_FOUND, "see /metrics\n");
	return respond(to, MHD_HTTP_OK,
		       metrics_text(static_cast<steering *>(daemon)->report()));
}

using addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

addresses resolve(const std::string &address)
{
	const std::size_t colon = address.rfind(':');
	std::string host = address.substr(0, colon);
	if (host.starts_with('[') && host.ends_with(']'))
		host = host.substr(1, host.size() - 2);
	addrinfo hints{}, *found = nullptr;
	hints.ai_flags = AI_PASSIVE;
	hints.ai_socktype = SOCK_STREAM;
	const int why =
		getaddrinfo(host.empty() ? nullptr : host.c_str(),
			    address.c_str() + colon + 1, &hints, &found);
	if (why)
		throw error(EINVAL, "metrics cannot be served at " +
					    quote(address) + ": " +
					    gai_strerror(why));
	return {found, freeaddrinfo};
}

} // namespace

std::string metrics_text(const std::vector<mirror_report> &mirrors)
{
	std::string text;
	for (const auto &m : of_mirrors) {
		text += head(m);
		for (const mirror_report &r : mirrors)
			text += fmt::format(
				"imon_mirrord_{}{{mirror=\"{}\"}} {}\n", m.name,
				escaped(r.name), m.value(r));
	}
	for (const auto &m : of_replicas) {
		text += head(m);
		for (const mirror_report &of : mirrors)
			for (const replica_report &r : of.replicas)
				text += fmt::format(
					"imon_mirrord_{}{{mirror=\"{}\","
					"replica=\"{}\"}} {}\n",
					m.name, escaped(of.name),
					escaped(r.name), m.value(r));
	}
	return text;
}

void metrics_server::stop::operator()(MHD_Daemon *d) const
{
	MHD_stop_daemon(d);
}

metrics_server::metrics_server(poller &loop, steering &daemon,
			       const std::string &address)
{
	constexpr unsigned most_clients = 16, patience = 10;
	const addresses at = resolve(address);
	const unsigned ipv6 =
		at->ai_family == AF_INET6 ? unsigned(MHD_USE_IPv6) : 0;
	server_.reset(MHD_start_daemon(
		MHD_USE_EPOLL | ipv6, 0, nullptr, nullptr, answer, &daemon,
		MHD_OPTION_SOCK_ADDR, at->ai_addr, MHD_OPTION_CONNECTION_LIMIT,
		most_clients, MHD_OPTION_CONNECTION_TIMEOUT, patience,
		MHD_OPTION_END));
	if (!server_)
		throw error(errno, "metrics cannot be served at " +
					   quote(address) + ": " +
					   std::strerror(errno) +
					   "; see --metrics");
	const int fd =
		MHD_get_daemon_info(server_.get(), MHD_DAEMON_INFO_EPOLL_FD)
			->epoll_fd;
	serving_ = loop.add(fd, POLLIN, [this] { MHD_run(server_.get()); });
}

} // namespace imon::mirrord
