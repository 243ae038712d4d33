// SPDX-License-Identifier: GPL-2.0
/*
 * imon: an inode monitor. One subscription per directory tree.
 *
 * Events flow one way: source (fsnotify) -> event -> path -> queue -> netlink.
 */
#include <linux/module.h>

#include "chardev.h"
#include "imon.h"
#include "monitor.h"
#include "netlink.h"
#include "object.h"
#include "source.h"

static int __init imon_init(void)
{
	int err;

	err = imon_object_init();
	if (err)
		return err;
	err = imon_source_init();
	if (err)
		goto err_object;
	err = imon_monitor_init();
	if (err)
		goto err_source;
	err = imon_chardev_init();
	if (err)
		goto err_monitor;
	err = imon_netlink_init();
	if (err)
		goto err_chardev;

	pr_info("version " IMON_VERSION ", ready\n");
	return 0;

err_chardev:
	imon_chardev_exit();
err_monitor:
	imon_monitor_exit();
err_source:
	imon_source_exit();
err_object:
	imon_object_exit();
	return err;
}

static void __exit imon_exit(void)
{
	/* From here on nobody can ask for anything. */
	imon_netlink_exit();
	imon_chardev_exit();
	/* Removes the watches, and with them every mark. */
	imon_monitor_exit();
	/* Returns when no callback of ours runs or will run. */
	imon_source_exit();
	imon_object_exit();
}

module_init(imon_init);
module_exit(imon_exit);

MODULE_DESCRIPTION("Inode monitor: one subscription per directory tree");
MODULE_AUTHOR("The imon developers");
MODULE_VERSION(IMON_VERSION);
MODULE_LICENSE("GPL");
MODULE_ALIAS_GENL_FAMILY("imon");
