// SPDX-License-Identifier: GPL-2.0
/*
 * Random messages that are right or almost right. What a command takes comes
 * from the spec, what its attributes may say partly from earlier answers, so
 * that monitors, watches and records come to be; then lengths, types and
 * flags are spoiled. LOAD=10000 makes a million of them.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "change.h"
#include "fixture.h"

#define MESSAGES 10000
#define ATTRS 8

enum nl_kind { NL_U32, NL_U64, NL_STRING, NL_BINARY };

/* An attribute of a request; the name begins with that of its set. */
struct nl_attr_spec {
	uint16_t type;
	enum nl_kind kind;
	const char *name;
};

struct nl_request {
	uint8_t cmd;
	uint16_t flags;
	struct nl_attr_spec attrs[ATTRS];
};

#include "nl_spec.h"

/* The newest values of one kind that the module answered. */
struct pool {
	uint64_t values[4];
	unsigned int next;
};

static unsigned int seed;
static int fds[4];
static struct pool monitors, watches, instances, seqs;
static unsigned long learned;

static unsigned int below(unsigned int n)
{
	return rand_r(&seed) % n;
}

static void learn(struct pool *pool, const struct nl_attrs *attrs, int attr)
{
	uint64_t value = nl_get_u32(attrs, attr) ?: nl_get_u64(attrs, attr);

	if (!value)
		return;
	pool->values[pool->next++ % ARRAY_LEN(pool->values)] = value;
	learned++;
}

static uint64_t known(const struct pool *pool)
{
	return pool->values[below(ARRAY_LEN(pool->values))];
}

static void take_answer(const struct nl_attrs *attrs, void *arg)
{
	(void)arg;
	switch (attrs->cmd) {
	case IMON_CMD_MONITOR_CREATE:
	case IMON_CMD_MONITOR_ATTACH:
		learn(&monitors, attrs, IMON_A_MONITOR_ID);
		learn(&instances, attrs, IMON_A_MONITOR_INSTANCE);
		break;
	case IMON_CMD_WATCH_ADD:
		learn(&watches, attrs, IMON_A_WATCH_ID);
		break;
	case IMON_CMD_EVENT_PULL:
		learn(&seqs, attrs, IMON_A_EVENT_SEQ);
		break;
	}
}

static uint64_t any_number(void)
{
	switch (below(8)) {
	case 0: case 1: case 2: return below(8);
	case 3: case 4: return fds[below(ARRAY_LEN(fds))];
	case 5: return 4096 + below(4096);
	case 6: return UINT64_MAX >> below(64);
	default: return (uint64_t)rand_r(&seed) << 32 | rand_r(&seed);
	}
}

/* One that may well be right for the attribute; else any. */
static uint64_t number(const char *name)
{
	static const struct { const char *end; struct pool *pool; } pools[] = {
		{ "monitor-id", &monitors }, { "-monitor", &monitors },
		{ "watch-id", &watches }, { "-instance", &instances },
		{ "-seq", &seqs },
	};

	if (!below(16))
		return any_number();
	for (size_t i = 0; i < ARRAY_LEN(pools); i++)
		if (strlen(name) >= strlen(pools[i].end) &&
		    !strcmp(name + strlen(name) - strlen(pools[i].end),
			    pools[i].end))
			return known(pools[i].pool);
	if (!strcmp(name, "watch-fd"))
		return fds[below(ARRAY_LEN(fds))];
	if (!strcmp(name, "watch-mask"))
		return below(0x10000);
	if (!strcmp(name, "monitor-queue-bytes"))
		return 4096ULL << below(10);
	return below(4);
}

/* Some, of which one may not be open. */
static void put_descriptors(struct nl_msg *m, uint16_t type)
{
	uint32_t some[2 * ARRAY_LEN(fds)];
	size_t n = below(ARRAY_LEN(some) + 1);

	for (size_t i = 0; i < n; i++)
		some[i] = number("watch-fd");
	nl_put(m, type, some, n * sizeof(*some));
}

static void put_right(struct nl_msg *m, const struct nl_attr_spec *attr)
{
	switch (attr->kind) {
	case NL_U32:
		return nl_put_u32(m, attr->type, number(attr->name));
	case NL_U64:
		return nl_put_u64(m, attr->type, number(attr->name));
	case NL_STRING:
		return nl_put_str(m, attr->type, below(2) ? "ksft.a" : "ksft.b");
	case NL_BINARY:
		return put_descriptors(m, attr->type);
	}
}

static void put_junk(struct nl_msg *m)
{
	static const size_t lengths[] = { 0, 1, 2, 3, 4, 5, 8, 12, 63, 64, 4000 };
	size_t len = lengths[below(ARRAY_LEN(lengths))];
	uint16_t type = below(NL_ATTR_MAX);
	char bytes[4000];

	for (size_t i = 0; i < len; i++)
		bytes[i] = rand_r(&seed);
	nl_put(m, below(8) ? type : type | NLA_F_NESTED, bytes, len);
}

/* Bits of the header, the length, one of anything. */
static void spoil(struct nl_msg *m)
{
	struct nlmsghdr *h = nl_hdr(m);

	switch (below(4)) {
	case 0:
		h->nlmsg_flags ^= 1 << below(16);
		break;
	case 1:
		h->nlmsg_len -= below(h->nlmsg_len - NLMSG_HDRLEN);
		break;
	case 2:
		m->buf[NLMSG_HDRLEN + below(h->nlmsg_len - NLMSG_HDRLEN)] ^=
			1 << below(8);
		break;
	default:
		((struct genlmsghdr *)NLMSG_DATA(h))->cmd = below(256);
	}
}

/* Of an id and a name, of one descriptor and many, only one may be given. */
static bool wanted(const char *name, bool right)
{
	bool either = !strcmp(name, "monitor-name") ||
		      !strncmp(name, "watch-fd", strlen("watch-fd"));

	return right && either ? below(2) : below(8);
}

static void make_message(struct nl_msg *m, uint16_t family)
{
	const struct nl_request *r = &nl_requests[below(ARRAY_LEN(nl_requests))];
	bool right = below(2);

	nl_start(m, family, r->flags, r->cmd);
	for (int i = 0; i < ATTRS && r->attrs[i].name; i++) {
		if (wanted(r->attrs[i].name, right))
			put_right(m, &r->attrs[i]);
	}
	if (right)
		return;
	while (below(2))
		put_junk(m);
	if (below(2))
		spoil(m);
}

static void change_files(void)
{
	put("tree/f", "text");
	must(rename("tree/f", "tree/d/f"));
	must(unlink("tree/d/f"));
}

static void send_messages(unsigned long n)
{
	static struct nl_msg m;
	struct nl_sock s;

	must_nl(nl_open(&s));
	for (unsigned long i = 0; i < n; i++) {
		make_message(&m, s.family);
		nl_hdr(&m)->nlmsg_seq = ++s.seq;
		send(s.fd, m.buf, nl_hdr(&m)->nlmsg_len, 0);
		nl_take(&s, take_answer, NULL);
		if (i % 16 == 0)
			change_files();
		if (i % 512 == 511) {
			nl_close(&s);
			must_nl(nl_open(&s));
		}
	}
	nl_close(&s);
}

static bool survives(void)
{
	static const char *const files[] = { "tree", "tree/d", "out", "out/f" };
	struct module_info info;
	struct nl_sock s;

	/* Among all these messages are some that delete monitors. */
	if (!fixture_owns_module())
		return fixture_skip("others may be using the module");
	make_dir("tree/d");
	put("out/f", "text");
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		fds[i] = must(open(files[i], O_RDONLY | O_CLOEXEC));
	must_nl(nl_open(&s));
	must_nl(imon_module_get(&s, &info));
	nl_close(&s);
	send_messages(fixture_times(MESSAGES));
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		close(fds[i]);
	ksft_print_msg("%lu ids and numbers were learned from answers\n",
		       learned);
	return fixture_nothing_left(info.instance) && learned;
}

/* After the storm a monitor works as ever. */
static bool still_works(void)
{
	struct rig r;
	bool good;

	rig_up(&r, &monitor_defaults);
	touch("tree/f");
	rig_drain(&r);
	good = r.got.n == 1 && r.got.v[0].mask == IMON_EVENT_CREATE;
	rig_down(&r);
	return good;
}

static const struct test tests[] = {
	{ "random messages leave nothing behind", survives },
	{ "the module works as before", still_works },
};

int main(void)
{
	fixture_begin(0, ARRAY_LEN(tests));
	seed = fixture_seed();
	fixture_run_once(tests, ARRAY_LEN(tests));
	fixture_end();
}
