#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# imon(8) against the module: what users without privilege may do.

dir=/mnt/tmpfs/imon_users
work=/tmp/imon_users
# shellcheck source=tests/integration/cli.sh
. "${0%/*}/cli.sh"

begin 18 "$dir"
chmod 755 "$work"
insmod /lib/imon/imon.ko
mkdir "$dir/d"
mkdir -m 700 "$dir/secret"

user=user
run watch "$dir"
ok "a tree takes privilege" failed_saying "with --scope dir"
run watch --scope dir "$dir/secret"
ok "what may not be read may not be watched" failed_saying "you may not read"
run watch --scope dir --actor "$dir"
ok "who did it is told to root only" failed_saying "who made a change"
run create web --scope dir "$dir"
ok "a named monitor takes privilege" failed_saying "a named monitor needs"
start watch --scope dir "$dir"
armed
mkdir "$dir/e"
ok "a directory can be watched" next "create $dir/e/"
run list
ok "a user sees his monitor" grep -q "of user 1000, read by" "$work/out"
user=nobody
run list
ok "and another does not" [ "$status" = 0 -a ! -s "$work/out" ]
user=user
kill -INT "$reader"
ok "a signal ends it well" ended 0

echo 1 >/sys/module/imon/parameters/max_user_watches
run watch --scope dir "$dir" "$dir/d"
ok "no more than the limit" failed_saying "$dir/d: you have as many watches"
echo 1000 >/sys/module/imon/parameters/max_user_watches
echo N >/sys/module/imon/parameters/unprivileged
run watch --scope dir "$dir"
ok "users can be forbidden" failed_saying "unprivileged is off"

user=root
run create web --user user "$dir"
mkdir "$dir/f"
ok "a monitor for a user, even so" [ "$status" = 0 ]
user=nobody
run watch --attach web
ok "another may not read it" failed_saying "another user's"
user=user
run delete web
ok "the user may not delete it" failed_saying "you may read this monitor, no more"
run add web --scope dir "$dir/d"
ok "nor add to it" failed_saying "no more"
run list
ok "but see it" grep -q "^web: log, of user 1000, without a reader" "$work/out"
run watch --attach web --count 1
ok "and read it" grep -qx "create $dir/f/" "$work/out"
user=root
run stat web
ok "what he read is acknowledged" grep -Eq "^  in flight +0$" "$work/out"
run delete web
ok "root may do all" [ "$status" = 0 ]

rmmod imon
rm -rf "$work" "$dir"
