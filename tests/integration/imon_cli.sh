#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# imon(8) against the module: what it prints, its exit codes, and its ends.

dir=/mnt/tmpfs/imon_cli
work=/tmp/imon_cli
# shellcheck source=tests/integration/cli.sh
. "${0%/*}/cli.sh"

begin 28 "$dir"

run list
ok "says that the module is not loaded" failed_saying "insmod kmod/imon.ko"
insmod /lib/imon/imon.ko
run stat
ok "stat" grep -q "0 monitors, 0 watches, 0 filesystems" "$work/out"

run watch "$dir/none"
ok "refuses what does not exist" failed_saying "$dir/none does not exist"
run watch /etc/passwd
ok "refuses what is no directory" failed_saying "is not a directory"
run watch --mask frob "$dir"
ok "refuses an unknown kind as wrong usage" [ $status = 2 ]
run delete nobody
ok "knows no such monitor" failed_saying "monitor nobody: no monitor has this name; see: imon list"
run create 'a b' "$dir"
ok "refuses a bad name" failed_saying "letters, digits"
run create web "$dir" "$dir/."
ok "names the directory that is refused" failed_saying "$dir/.: the monitor watches"
ok "a tree that cannot be watched leaves no monitor" \
	sh -c "imon list --json | grep -qx '\[\]'"

start watch "$dir"
armed
mkdir "$dir/d"
ok "create" next "create $dir/d/"
mv "$dir/d" "$dir/e f"
ok "rename, quoted" next "rename $dir/d/ -> \"$dir/e f/\""
rmdir "$dir/e f"
ok "delete" next "delete \"$dir/e f/\""
mkdir "$dir/$(printf 'x\ny\377')"
ok "bytes" next "create \"$dir/x\\ny\\377/\""
rmdir "$dir"/x*
mkdir /mnt/tmpfs/moved_in
quietly next ""
mv /mnt/tmpfs/moved_in "$dir/m"
ok "moved in" next "rename,dirty,recursive (outside) -> $dir/m/"
mv "$dir/m" /mnt/tmpfs/moved_out
ok "moved out" next "rename $dir/m/ -> (outside)"
rmdir /mnt/tmpfs/moved_out
kill -INT "$reader"
ok "a signal ends it well" ended 0
run stat
ok "an anonymous monitor dies with its reader" grep -q "0 monitors" "$work/out"

run create web "$dir"
mkdir "$dir/a" "$dir/b" "$dir/c"
run create web "$dir"
ok "refuses a name that is taken" failed_saying "imon watch --attach web"
run watch --attach web --count 2 --mask create
ok "refuses options that an old monitor cannot take" [ $status = 2 ]
run watch --attach web --count 2 --json
ok "reads what was collected" [ $status = 0 ]
ok "JSON" sh -c "head -1 $work/out | grep -q '\"root\":\"$dir\",\"events\":\\[\"create\"\\],\"type\":\"directory\"'"
run watch --attach web --count 1
ok "the next goes on behind what was acknowledged" \
	grep -qx "create $dir/c/" "$work/out"

start watch --attach web
armed
run watch --attach web
ok "a monitor has one reader" failed_saying "monitor web: the monitor has a reader already"
run list
ok "list" grep -qx "  #[0-9]* tree $dir" "$work/out"
run delete web
ok "the end of a monitor ends its reader" ended 1

start watch "$dir"
armed
rm -rf "$dir"
ok "the end of its trees ends it" ended 1

start watch /mnt/tmpfs
armed
ok "the module goes under a reader" rmmod imon
ok "and ends it" ended 1

rm -rf "$work" "$dir"
