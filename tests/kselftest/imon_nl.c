// SPDX-License-Identifier: GPL-2.0
#include "imon_nl.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define RECV_SIZE 32768

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000L + ts.tv_nsec / 1000000;
}

void nl_start(struct nl_msg *m, uint16_t type, uint16_t flags, uint8_t cmd)
{
	struct nlmsghdr *h = nl_hdr(m);
	struct genlmsghdr *g = NLMSG_DATA(h);

	memset(m->buf, 0, NLMSG_HDRLEN + GENL_HDRLEN);
	h->nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | flags;
	g->cmd = cmd;
	g->version = IMON_GENL_VERSION;
}

void nl_put(struct nl_msg *m, uint16_t attr, const void *data, size_t len)
{
	struct nlmsghdr *h = nl_hdr(m);
	size_t at = NLMSG_ALIGN(h->nlmsg_len);
	struct nlattr *a = (struct nlattr *)(m->buf + at);

	if (at + NLA_HDRLEN + NLA_ALIGN(len) > sizeof(m->buf))
		abort();
	memset(a, 0, NLA_HDRLEN + NLA_ALIGN(len));
	a->nla_type = attr;
	a->nla_len = NLA_HDRLEN + len;
	if (len)
		memcpy((char *)a + NLA_HDRLEN, data, len);
	h->nlmsg_len = at + NLA_ALIGN(a->nla_len);
}

void nl_put_u32(struct nl_msg *m, uint16_t attr, uint32_t value)
{
	nl_put(m, attr, &value, sizeof(value));
}

void nl_put_u64(struct nl_msg *m, uint16_t attr, uint64_t value)
{
	nl_put(m, attr, &value, sizeof(value));
}

void nl_put_str(struct nl_msg *m, uint16_t attr, const char *value)
{
	nl_put(m, attr, value, strlen(value) + 1);
}

static const char *attr_data(const struct nlattr *a)
{
	return (const char *)a + NLA_HDRLEN;
}

static size_t attr_len(const struct nlattr *a)
{
	return a->nla_len - NLA_HDRLEN;
}

static void parse_attrs(struct nl_attrs *attrs, const char *p, size_t len)
{
	memset(attrs, 0, sizeof(*attrs));
	while (len >= NLA_HDRLEN) {
		const struct nlattr *a = (const struct nlattr *)p;
		unsigned int type = a->nla_type & NLA_TYPE_MASK;
		size_t step = NLA_ALIGN(a->nla_len);

		if (a->nla_len < NLA_HDRLEN || a->nla_len > len)
			return;
		if (type < NL_ATTR_MAX)
			attrs->at[type] = a;
		if (step > len)
			return;
		p += step;
		len -= step;
	}
}

static void parse_genl(struct nl_attrs *attrs, const struct nlmsghdr *h)
{
	const char *p = NLMSG_DATA(h);
	size_t len = h->nlmsg_len - NLMSG_HDRLEN;

	if (len < GENL_HDRLEN) {
		memset(attrs, 0, sizeof(*attrs));
		return;
	}
	parse_attrs(attrs, p + GENL_HDRLEN, len - GENL_HDRLEN);
	attrs->cmd = ((const struct genlmsghdr *)p)->cmd;
}

static uint64_t get_uint(const struct nl_attrs *attrs, int attr, size_t size)
{
	const struct nlattr *a = attrs->at[attr];
	uint32_t v32 = 0;
	uint64_t v64 = 0;

	if (!a || attr_len(a) != size)
		return 0;
	if (size == sizeof(v32)) {
		memcpy(&v32, attr_data(a), size);
		return v32;
	}
	memcpy(&v64, attr_data(a), size);
	return v64;
}

uint32_t nl_get_u32(const struct nl_attrs *attrs, int attr)
{
	return get_uint(attrs, attr, sizeof(uint32_t));
}

uint64_t nl_get_u64(const struct nl_attrs *attrs, int attr)
{
	return get_uint(attrs, attr, sizeof(uint64_t));
}

char *nl_get_bytes(const struct nl_attrs *attrs, int attr)
{
	const struct nlattr *a = attrs->at[attr];
	char *copy;

	if (!a)
		return NULL;
	copy = calloc(1, attr_len(a) + 1);
	if (!copy)
		abort();
	memcpy(copy, attr_data(a), attr_len(a));
	return copy;
}

int nl_send(struct nl_sock *s, const struct nl_msg *m)
{
	const struct nlmsghdr *h = (const struct nlmsghdr *)m->buf;

	if (send(s->fd, h, h->nlmsg_len, 0) < 0)
		return -errno;
	return 0;
}

int nl_recv(struct nl_sock *s, void *buf, size_t size, int ms)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN };
	ssize_t n;

	n = poll(&p, 1, ms);
	if (n < 0)
		return -errno;
	if (!n)
		return -ETIMEDOUT;
	n = recv(s->fd, buf, size, MSG_DONTWAIT);
	return n < 0 ? -errno : (int)n;
}

/* True when the message is a wake; it is remembered then. */
static bool take_wake(struct nl_sock *s, const struct nlmsghdr *h)
{
	const struct genlmsghdr *g = NLMSG_DATA(h);
	struct nl_attrs attrs;

	if (h->nlmsg_type != s->family ||
	    h->nlmsg_len < NLMSG_LENGTH(GENL_HDRLEN) || g->cmd != IMON_CMD_WAKE)
		return false;
	parse_genl(&attrs, h);
	s->wakes++;
	s->wake_monitor = nl_get_u32(&attrs, IMON_A_EVENT_MONITOR);
	s->wake_instance = nl_get_u32(&attrs, IMON_A_EVENT_INSTANCE);
	s->wake_seq = nl_get_u64(&attrs, IMON_A_EVENT_SEQ);
	return true;
}

/* The errno and the sentence of an error, an ack or a dump's end. */
static int take_verdict(struct nl_sock *s, const struct nlmsghdr *h)
{
	const char *p = NLMSG_DATA(h);
	size_t len = h->nlmsg_len - NLMSG_HDRLEN;
	size_t fixed = h->nlmsg_type == NLMSG_DONE ?
		sizeof(int) : sizeof(struct nlmsgerr);
	const struct nlattr *a;
	struct nl_attrs attrs;
	int error = 0;

	if (len >= sizeof(error))
		memcpy(&error, p, sizeof(error));
	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS) || len < fixed)
		return error;
	parse_attrs(&attrs, p + fixed, len - fixed);
	a = attrs.at[NLMSGERR_ATTR_MSG];
	if (a && attr_len(a) < sizeof(s->sentence))
		memcpy(s->sentence, attr_data(a), attr_len(a));
	return error;
}

/* One datagram of an answer: 1 when the answer goes on, else 0 or -errno. */
static int take_answer(struct nl_sock *s, const char *buf, int n,
		       nl_reply_fn *fn, void *arg)
{
	const struct nlmsghdr *h = (const struct nlmsghdr *)buf;
	struct nl_attrs attrs;

	for (; NLMSG_OK(h, (unsigned int)n); h = NLMSG_NEXT(h, n)) {
		if (take_wake(s, h) || h->nlmsg_seq != s->seq)
			continue;
		if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE)
			return take_verdict(s, h);
		parse_genl(&attrs, h);
		if (fn)
			fn(&attrs, arg);
	}
	return 1;
}

int nl_talk(struct nl_sock *s, struct nl_msg *m, nl_reply_fn *fn, void *arg)
{
	_Alignas(struct nlmsghdr) char buf[RECV_SIZE];
	long end = now_ms() + NL_DEADLINE_MS;
	int rc;

	nl_hdr(m)->nlmsg_seq = ++s->seq;
	memset(s->sentence, 0, sizeof(s->sentence));
	rc = nl_send(s, m);
	if (rc)
		return rc;
	for (;;) {
		rc = nl_recv(s, buf, sizeof(buf), end - now_ms());
		if (rc == -ENOBUFS || rc == -EINTR)
			continue;
		if (rc < 0)
			return rc;
		rc = take_answer(s, buf, rc, fn, arg);
		if (rc <= 0)
			return rc;
	}
}

void nl_take(struct nl_sock *s, nl_reply_fn *fn, void *arg)
{
	_Alignas(struct nlmsghdr) char buf[RECV_SIZE];
	int rc;

	for (;;) {
		rc = nl_recv(s, buf, sizeof(buf), 0);
		if (rc > 0)
			take_answer(s, buf, rc, fn, arg);
		else if (rc != -ENOBUFS)
			return;
	}
}

int nl_wait_wake(struct nl_sock *s, int ms)
{
	_Alignas(struct nlmsghdr) char buf[RECV_SIZE];
	long end = now_ms() + ms;
	int rc;

	while (!s->wakes) {
		long left = end - now_ms();

		rc = nl_recv(s, buf, sizeof(buf), left > 0 ? left : 0);
		if (rc < 0)
			return rc;
		take_answer(s, buf, rc, NULL, NULL);
	}
	s->wakes = 0;
	return 0;
}

static void take_family(const struct nl_attrs *attrs, void *arg)
{
	const struct nlattr *a = attrs->at[CTRL_ATTR_FAMILY_ID];

	if (a && attr_len(a) == sizeof(uint16_t))
		memcpy(arg, attr_data(a), sizeof(uint16_t));
}

int nl_open(struct nl_sock *s)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	socklen_t len = sizeof(addr);
	static struct nl_msg m;
	int on = 1, rc;

	memset(s, 0, sizeof(*s));
	s->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (s->fd < 0)
		return -errno;
	if (setsockopt(s->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(s->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)) ||
	    bind(s->fd, (struct sockaddr *)&addr, len) ||
	    getsockname(s->fd, (struct sockaddr *)&addr, &len)) {
		rc = -errno;
		goto err_close;
	}
	s->portid = addr.nl_pid;
	nl_start(&m, GENL_ID_CTRL, NLM_F_ACK, CTRL_CMD_GETFAMILY);
	nl_put_str(&m, CTRL_ATTR_FAMILY_NAME, IMON_GENL_NAME);
	rc = nl_talk(s, &m, take_family, &s->family);
	if (rc)
		goto err_close;
	return 0;

err_close:
	nl_close(s);
	return rc;
}

void nl_close(struct nl_sock *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}
