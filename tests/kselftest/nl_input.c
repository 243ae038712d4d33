// SPDX-License-Identifier: GPL-2.0
/* Bad input: each refusal has an errno and a sentence, and changes nothing. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "change.h"
#include "fixture.h"

#define NOBODY 0x7ffffff0
#define LONG_LABEL_LEN 60000

enum kind {
	END,
	U8,
	U32,
	U64,
	TEXT,
	/* The text without its final NUL. */
	BYTES,
	/* A text longer than any limit. */
	LONG_TEXT,
	/* u32 values that are known only at run time. */
	MONITOR,
	INSTANCE,
	WATCH,
	TREE_FD,
	FILE_FD,
	SOCKET_FD,
	SPACE_FD,
};

struct attr {
	uint16_t type;
	enum kind kind;
	uint64_t value;
	const char *text;
};

struct bad {
	const char *name;
	uint8_t cmd;
	uint16_t flags;
	struct attr attrs[4];
	int error, or_error;
	/* Refused by generic netlink itself, which has no sentence for it. */
	bool mute;
};

#define M(field) IMON_A_MONITOR_##field
#define W(field) IMON_A_WATCH_##field
#define E(field) IMON_A_EVENT_##field
#define NAME_64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct bad bads[] = {
	{ "command 0", 0, 0, { }, EOPNOTSUPP, .mute = true },
	{ "command 99", 99, 0, { }, EOPNOTSUPP, .mute = true },
	{ "a wake as a request", IMON_CMD_WAKE, 0, { }, EOPNOTSUPP,
	  .mute = true },
	{ "a list without dump", IMON_CMD_MONITOR_LIST, 0, { }, EOPNOTSUPP,
	  .mute = true },
	{ "module-get as a dump", IMON_CMD_MODULE_GET, NLM_F_DUMP, { },
	  EOPNOTSUPP, .mute = true },
	{ "module-get with an attribute", IMON_CMD_MODULE_GET, 0,
	  { { 1, U32, 1 } }, EINVAL },
	{ "module-get with an unknown attribute", IMON_CMD_MODULE_GET, 0,
	  { { 99, U32, 1 } }, EINVAL },

	{ "create: unknown mode", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(MODE), U32, 7 } }, EINVAL, ERANGE },
	{ "create: queue of 0", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(QUEUE_BYTES), U64, 0 } }, ERANGE, EINVAL },
	{ "create: queue too small", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(QUEUE_BYTES), U64, 4095 } }, ERANGE, EINVAL },
	{ "create: queue too large", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(QUEUE_BYTES), U64, (1ULL << 30) + 1 } }, ERANGE, EINVAL },
	{ "create: queue beyond reason", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(QUEUE_BYTES), U64, UINT64_MAX } }, ERANGE, EINVAL },
	{ "create: empty name", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(NAME), TEXT, 0, "" } }, EINVAL, ERANGE },
	{ "create: slash in the name", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(NAME), TEXT, 0, "a/b" } }, EINVAL },
	{ "create: newline in the name", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(NAME), TEXT, 0, "a\nb" } }, EINVAL },
	{ "create: name of 64 bytes", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(NAME), TEXT, 0, NAME_64 } }, ERANGE, EINVAL },
	{ "create: name without NUL", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(NAME), BYTES, 0, "abc" } }, EINVAL, ERANGE },
	{ "create: name that exists", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(NAME), TEXT, 0, "ksft.input" } }, EEXIST },
	{ "create: mode of 8 bytes", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(MODE), U64, 0 } }, EINVAL, ERANGE },
	{ "create: queue of 4 bytes", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(QUEUE_BYTES), U32, 65536 } }, EINVAL, ERANGE },
	{ "create: window of 1 byte", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(WINDOW_US), U8, 1 } }, EINVAL, ERANGE },
	{ "create: an attribute of the reply", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(WATCHES), U32, 1 } }, EINVAL },
	{ "create: for another user without a name", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(UID), U32, 1 } }, EINVAL },
	{ "create: for a user that cannot be", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(NAME), TEXT, 0, "ksft.bad" }, { M(UID), U32, UINT32_MAX } },
	  EINVAL },
	{ "create: retention without a name", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(RETENTION_SEC), U32, 1 } }, EINVAL },
	{ "create: retention of more than a year", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(NAME), TEXT, 0, "ksft.bad" },
	    { M(RETENTION_SEC), U32, 366 * 86400 + 1 } }, ERANGE, EINVAL },
	{ "create: actor of 2", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(ACTOR), U32, 2 } }, EINVAL, ERANGE },
	{ "create: an id of one's own", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(ID), U32, 1 } }, EINVAL },
	{ "create: good and unknown attributes", IMON_CMD_MONITOR_CREATE, 0,
	  { { M(MODE), U32, 0 }, { 31, U32, 1 } }, EINVAL },

	{ "attach: to nothing", IMON_CMD_MONITOR_ATTACH, 0, { }, EINVAL },
	{ "attach: unknown id", IMON_CMD_MONITOR_ATTACH, 0,
	  { { M(ID), U32, NOBODY } }, ENOENT },
	{ "attach: unknown name", IMON_CMD_MONITOR_ATTACH, 0,
	  { { M(NAME), TEXT, 0, "ksft.nobody" } }, ENOENT },
	{ "delete: nothing", IMON_CMD_MONITOR_DELETE, 0, { }, EINVAL },
	{ "delete: unknown id", IMON_CMD_MONITOR_DELETE, 0,
	  { { M(ID), U32, NOBODY } }, ENOENT },
	{ "delete: unknown name", IMON_CMD_MONITOR_DELETE, 0,
	  { { M(NAME), TEXT, 0, "ksft.nobody" } }, ENOENT },

	{ "watch-add: no monitor", IMON_CMD_WATCH_ADD, 0,
	  { { W(FD), FILE_FD } }, EINVAL },
	{ "watch-add: no fd", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR } }, EINVAL },
	{ "watch-add: unknown monitor", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), U32, NOBODY }, { W(FD), TREE_FD } }, ENOENT },
	{ "watch-add: a file", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), FILE_FD } }, ENOTDIR },
	{ "watch-add: a closed fd", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), U32, 1000 } }, EBADF },
	{ "watch-add: fd -1", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), U32, UINT32_MAX } }, EBADF },
	{ "watch-add: unknown scope", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), TREE_FD },
	    { W(SCOPE), U32, 9 } }, EOPNOTSUPP, EINVAL },
	{ "watch-add: unknown bit in the mask", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), TREE_FD },
	    { W(MASK), U32, 1U << 31 } }, EINVAL },
	{ "watch-add: label of 256 bytes and more", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), TREE_FD },
	    { W(LABEL), LONG_TEXT } }, ERANGE, EINVAL },
	{ "watch-add: label without NUL", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), TREE_FD },
	    { W(LABEL), BYTES, 0, "abc" } }, EINVAL, ERANGE },
	{ "watch-add: the same root again", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), TREE_FD } }, EEXIST },

	{ "watch-add: a file as a directory", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), FILE_FD },
	    { W(SCOPE), U32, IMON_SCOPE_DIR } }, ENOTDIR },
	{ "watch-add: a directory with a label", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), TREE_FD },
	    { W(SCOPE), U32, IMON_SCOPE_DIR }, { W(LABEL), TEXT, 0, "d" } },
	  EINVAL },
	{ "watch-add: an inode with a label", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), FILE_FD },
	    { W(SCOPE), U32, IMON_SCOPE_INODE }, { W(LABEL), TEXT, 0, "f" } },
	  EINVAL },
	{ "watch-add: a socket", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), SOCKET_FD },
	    { W(SCOPE), U32, IMON_SCOPE_INODE } }, EINVAL },
	{ "watch-add: a namespace", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), SPACE_FD },
	    { W(SCOPE), U32, IMON_SCOPE_INODE } }, EINVAL },
	{ "watch-add: empty mask", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), FILE_FD },
	    { W(SCOPE), U32, IMON_SCOPE_INODE }, { W(MASK), U32, 0 } },
	  EINVAL },

	{ "watch-add: one descriptor and many", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), FILE_FD }, { W(FDS), FILE_FD },
	    { W(SCOPE), U32, IMON_SCOPE_INODE } }, EINVAL },
	{ "watch-add: many, and none", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FDS), BYTES, 0, "" },
	    { W(SCOPE), U32, IMON_SCOPE_INODE } }, EINVAL },
	{ "watch-add: three quarters of a descriptor", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FDS), BYTES, 0, "abc" },
	    { W(SCOPE), U32, IMON_SCOPE_INODE } }, EINVAL },
	{ "watch-add: too many", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FDS), LONG_TEXT },
	    { W(SCOPE), U32, IMON_SCOPE_INODE } }, ERANGE, EINVAL },
	{ "watch-add: many with a label", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FDS), TREE_FD },
	    { W(LABEL), TEXT, 0, "d" } }, EINVAL },
	{ "watch-add: many, the first closed", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), MONITOR }, { W(FDS), U32, 1000 } }, EBADF },
	{ "watch-add: many, of an unknown monitor", IMON_CMD_WATCH_ADD, 0,
	  { { W(MONITOR), U32, NOBODY }, { W(FDS), TREE_FD } }, ENOENT },

	{ "watch-exclude: no watch", IMON_CMD_WATCH_EXCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), TREE_FD } }, EINVAL },
	{ "watch-exclude: no monitor", IMON_CMD_WATCH_EXCLUDE, 0,
	  { { W(ID), WATCH }, { W(FD), TREE_FD } }, EINVAL },
	{ "watch-exclude: no fd", IMON_CMD_WATCH_EXCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(ID), WATCH } }, EINVAL },
	{ "watch-exclude: unknown watch", IMON_CMD_WATCH_EXCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(ID), U32, NOBODY },
	    { W(FD), TREE_FD } }, ENOENT },
	{ "watch-exclude: a file", IMON_CMD_WATCH_EXCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(ID), WATCH },
	    { W(FD), FILE_FD } }, ENOTDIR },
	{ "watch-exclude: a closed fd", IMON_CMD_WATCH_EXCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(ID), WATCH },
	    { W(FD), U32, 1000 } }, EBADF },
	{ "watch-exclude: a label", IMON_CMD_WATCH_EXCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(ID), WATCH },
	    { W(FD), TREE_FD }, { W(LABEL), TEXT, 0, "d" } }, EINVAL },
	{ "watch-include: no watch", IMON_CMD_WATCH_INCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(FD), TREE_FD } }, EINVAL },
	{ "watch-include: no monitor", IMON_CMD_WATCH_INCLUDE, 0,
	  { { W(ID), WATCH }, { W(FD), TREE_FD } }, EINVAL },
	{ "watch-include: no fd", IMON_CMD_WATCH_INCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(ID), WATCH } }, EINVAL },
	{ "watch-include: unknown watch", IMON_CMD_WATCH_INCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(ID), U32, NOBODY },
	    { W(FD), TREE_FD } }, ENOENT },
	{ "watch-include: a file", IMON_CMD_WATCH_INCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(ID), WATCH },
	    { W(FD), FILE_FD } }, ENOTDIR },
	{ "watch-include: a closed fd", IMON_CMD_WATCH_INCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(ID), WATCH },
	    { W(FD), U32, 1000 } }, EBADF },
	{ "watch-include: a label", IMON_CMD_WATCH_INCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(ID), WATCH },
	    { W(FD), TREE_FD }, { W(LABEL), TEXT, 0, "d" } }, EINVAL },
	{ "watch-exclude: the root", IMON_CMD_WATCH_EXCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(ID), WATCH }, { W(FD), TREE_FD } },
	  EINVAL },
	{ "watch-include: what is not excluded", IMON_CMD_WATCH_INCLUDE, 0,
	  { { W(MONITOR), MONITOR }, { W(ID), WATCH }, { W(FD), TREE_FD } },
	  ENOENT },

	{ "watch-del: no id", IMON_CMD_WATCH_DEL, 0,
	  { { W(MONITOR), MONITOR } }, EINVAL },
	{ "watch-del: no monitor", IMON_CMD_WATCH_DEL, 0,
	  { { W(ID), WATCH } }, EINVAL },
	{ "watch-del: unknown id", IMON_CMD_WATCH_DEL, 0,
	  { { W(MONITOR), MONITOR }, { W(ID), U32, NOBODY } }, ENOENT },
	{ "watch-del: unknown monitor", IMON_CMD_WATCH_DEL, 0,
	  { { W(MONITOR), U32, NOBODY }, { W(ID), WATCH } }, ENOENT },
	{ "watch-list: unknown monitor", IMON_CMD_WATCH_LIST, NLM_F_DUMP,
	  { { W(MONITOR), U32, NOBODY } }, ENOENT },
	{ "watch-list: monitor of 8 bytes", IMON_CMD_WATCH_LIST, NLM_F_DUMP,
	  { { W(MONITOR), U64, 1 } }, EINVAL, ERANGE },

	{ "pull: no monitor", IMON_CMD_EVENT_PULL, NLM_F_DUMP, { }, EINVAL },
	{ "pull: unknown monitor", IMON_CMD_EVENT_PULL, NLM_F_DUMP,
	  { { E(MONITOR), U32, NOBODY } }, ENOENT },
	{ "pull: unknown attribute", IMON_CMD_EVENT_PULL, NLM_F_DUMP,
	  { { E(MONITOR), MONITOR }, { E(SEQ), U64, 1 } }, EINVAL },
	{ "ack: no monitor", IMON_CMD_EVENT_ACK, 0,
	  { { E(INSTANCE), INSTANCE }, { E(SEQ), U64, 1 } }, EINVAL },
	{ "ack: no instance", IMON_CMD_EVENT_ACK, 0,
	  { { E(MONITOR), MONITOR }, { E(SEQ), U64, 1 } }, EINVAL },
	{ "ack: no seq", IMON_CMD_EVENT_ACK, 0,
	  { { E(MONITOR), MONITOR }, { E(INSTANCE), INSTANCE } }, EINVAL },
	{ "ack: unknown monitor", IMON_CMD_EVENT_ACK, 0,
	  { { E(MONITOR), U32, NOBODY }, { E(INSTANCE), INSTANCE },
	    { E(SEQ), U64, 1 } }, ENOENT },
	{ "ack: seq of 4 bytes", IMON_CMD_EVENT_ACK, 0,
	  { { E(MONITOR), MONITOR }, { E(INSTANCE), INSTANCE },
	    { E(SEQ), U32, 1 } }, EINVAL, ERANGE },
};

static struct rig rig;
static int tree_fd, file_fd, space_fd;
static uint32_t named_id;
static struct nl_msg msg;

static void put_attr(struct nl_msg *m, const struct attr *a)
{
	static char text[LONG_LABEL_LEN];
	uint8_t byte = a->value;

	switch (a->kind) {
	case U8: return nl_put(m, a->type, &byte, 1);
	case U32: return nl_put_u32(m, a->type, a->value);
	case U64: return nl_put_u64(m, a->type, a->value);
	case TEXT: return nl_put_str(m, a->type, a->text);
	case BYTES: return nl_put(m, a->type, a->text, strlen(a->text));
	case LONG_TEXT:
		memset(text, 'x', sizeof(text) - 1);
		return nl_put_str(m, a->type, text);
	case MONITOR: return nl_put_u32(m, a->type, rig.monitor);
	case INSTANCE: return nl_put_u32(m, a->type, rig.instance);
	case WATCH: return nl_put_u32(m, a->type, rig.watch);
	case TREE_FD: return nl_put_u32(m, a->type, tree_fd);
	case FILE_FD: return nl_put_u32(m, a->type, file_fd);
	case SOCKET_FD: return nl_put_u32(m, a->type, rig.nl.fd);
	case SPACE_FD: return nl_put_u32(m, a->type, space_fd);
	case END:
		return;
	}
}

/* All that a refused request must leave as it was. */
struct all {
	struct module_info module;
	struct monitor_info monitor, named;
	struct watch_info watch;
};

static void look_at_all(struct all *all)
{
	memset(all, 0, sizeof(*all));
	must_nl(imon_module_get(&rig.nl, &all->module));
	must_nl(imon_monitor_find(&rig.nl, rig.monitor, &all->monitor));
	must_nl(imon_monitor_find(&rig.nl, named_id, &all->named));
	must_nl(imon_watch_find(&rig.nl, rig.monitor, rig.watch, &all->watch));
}

static void test_refused(const struct bad *bad)
{
	struct all before, after;
	char sentence[256];
	bool good;
	int rc;

	look_at_all(&before);
	nl_start(&msg, rig.nl.family, NLM_F_ACK | bad->flags, bad->cmd);
	for (size_t i = 0; i < ARRAY_LEN(bad->attrs); i++)
		put_attr(&msg, &bad->attrs[i]);
	rc = nl_talk(&rig.nl, &msg, NULL, NULL);
	memcpy(sentence, rig.nl.sentence, sizeof(sentence));
	look_at_all(&after);
	good = (rc == -bad->error || (bad->or_error && rc == -bad->or_error)) &&
	       (bad->mute || sentence[0]) &&
	       !memcmp(&before, &after, sizeof(before));
	if (!good)
		ksft_print_msg("%s: '%s'\n", rc ? strerror(-rc) : "accepted",
			       sentence);
	fixture_result(good, "refused", bad->name);
}

static int answer_to(const void *bytes, size_t len)
{
	_Alignas(struct nlmsghdr) char answer[32768];
	const struct nlmsghdr *h = (const struct nlmsghdr *)answer;
	const struct nlmsgerr *e = NLMSG_DATA(h);

	must(send(rig.nl.fd, bytes, len, 0));
	/* The kernel answers within the send(), or never. */
	if (nl_recv(&rig.nl, answer, sizeof(answer), 0) < 0)
		return 0;
	return h->nlmsg_type == NLMSG_ERROR ? e->error : 1;
}

/* A request that is wrong anyway, cut at each length and sent in two ways. */
static void test_truncated(void)
{
	struct all before, after;
	unsigned int wrong = 0;
	size_t full;

	look_at_all(&before);
	nl_start(&msg, rig.nl.family, NLM_F_ACK, IMON_CMD_MONITOR_ATTACH);
	nl_put_u32(&msg, M(ID), NOBODY);
	nl_put_str(&msg, M(NAME), "ksft.nobody");
	full = nl_hdr(&msg)->nlmsg_len;
	for (size_t len = 1; len < full; len++) {
		nl_hdr(&msg)->nlmsg_len = full;
		wrong += answer_to(msg.buf, len) != 0;
		nl_hdr(&msg)->nlmsg_len = len;
		if (len < NLMSG_HDRLEN)
			wrong += answer_to(msg.buf, len) != 0;
		else
			wrong += answer_to(msg.buf, len) >= 0;
	}
	look_at_all(&after);
	fixture_result(!wrong && !memcmp(&before, &after, sizeof(before)),
		       "refused", "a request truncated at each length");
}

/* An attribute whose length says more, or less, than there is. */
static void test_wrong_lengths(void)
{
	static const uint16_t lengths[] = { 0, 1, 3, 5, 7, 9, 64, 65535 };
	struct all before, after;
	unsigned int wrong = 0;
	struct nlattr *a;

	look_at_all(&before);
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		nl_start(&msg, rig.nl.family, NLM_F_ACK,
			 IMON_CMD_MONITOR_DELETE);
		nl_put_u32(&msg, M(ID), named_id);
		a = (struct nlattr *)(msg.buf + NLMSG_LENGTH(GENL_HDRLEN));
		a->nla_len = lengths[i];
		wrong += nl_talk(&rig.nl, &msg, NULL, NULL) >= 0;
	}
	look_at_all(&after);
	fixture_result(!wrong && !memcmp(&before, &after, sizeof(before)),
		       "refused", "attributes of impossible lengths");
}

static void test_bad_input(void)
{
	struct monitor_new in = { .name = "ksft.input" };
	struct monitor_info info;

	scratch_enter(fixture_place());
	put("tree/f", "text");
	rig_up(&rig, &monitor_defaults);
	must_nl(imon_monitor_create(&rig.nl, &in, &info));
	named_id = info.id;
	tree_fd = must(open("tree", O_PATH | O_DIRECTORY | O_CLOEXEC));
	file_fd = must(open("tree/f", O_RDONLY | O_CLOEXEC));
	space_fd = must(open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
	for (size_t i = 0; i < ARRAY_LEN(bads); i++)
		test_refused(&bads[i]);
	test_truncated();
	test_wrong_lengths();
	must_nl(imon_monitor_delete(&rig.nl, named_id));
	close(tree_fd);
	close(file_fd);
	close(space_fd);
	rig_down(&rig);
}

int main(void)
{
	fixture_begin(0, ARRAY_LEN(bads) + 2);
	if (!fixture_place()->present)
		ksft_exit_fail_msg("no filesystem to test on\n");
	test_bad_input();
	fixture_end();
}
