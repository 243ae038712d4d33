#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# imon(8) against the module: trees, directories and single files, what is left
# out of them, programs, and who did it.

dir=/mnt/tmpfs/imon_scopes
work=/tmp/imon_scopes
# shellcheck source=tests/integration/cli.sh
. "${0%/*}/cli.sh"

begin 30 "$dir"
insmod /lib/imon/imon.ko

start watch --scope dir "$dir"
armed
mkdir "$dir/d" "$dir/d/deep"
ok "a directory: its names" next "create $dir/d/"
rmdir "$dir/d/deep" "$dir/d"
ok "and not theirs" next "delete $dir/d/"
kill -INT "$reader"
ok "a signal ends it well" ended 0

touch "$dir/f" "$dir/g"
start watch --scope inode --mask attrib "$dir/f" "$dir/g"
armed
chmod 600 "$dir/g"
ok "files: the second" next "attrib $dir/g"
mv "$dir/f" "$dir/h"
ok "the first gets another name" next "root-moved $dir/f"
chmod 600 "$dir/h"
ok "and is still watched" next "attrib $dir/f"
rm "$dir/g" "$dir/h"
ok "the end of its files ends it" ended 1

mkdir -p "$dir/no/way" "$dir/yes"
run watch --exclude /mnt "$dir"
ok "refuses to leave out what is not inside" failed_saying "/mnt: the directory is not inside"
start watch --exclude "$dir/no" "$dir"
armed
mkdir "$dir/no/d" "$dir/yes/d"
ok "a directory left out" next "create $dir/yes/d/"
chmod 700 "$dir/no"
ok "is seen itself" next "attrib $dir/no/"
mv "$dir/no" "$dir/yes/no"
quietly next ""
mkdir "$dir/yes/no/e" "$dir/yes/e"
ok "and left out wherever it moves" next "create $dir/yes/e/"
kill -INT "$reader"
ok "that ends well, too" ended 0

start watch --actor "$dir"
armed
mkdir "$dir/mine"
ok "who did it" next_like "create $dir/mine/ (pid [1-9]*, uid 0, *)"
chmod 777 "$dir"
quietly next ""
su user -c "mkdir $dir/his"
ok "and whose it was" next_like "create $dir/his/ (pid [1-9]*, uid 1000, *)"
kill -INT "$reader"
ok "that ends well, also" ended 0

program="$dir/busybox.copy"
cp /bin/busybox "$program"
start watch --mask exec,exit "$dir"
armed
"$program" true
ok "a program starts" next "exec $program"
ok "and ends" next "exit $program"
kill -INT "$reader"
ok "as does its watching" ended 0

mkdir -p "$dir/a/out" "$dir/b"
run create web "$dir/a"
run add web --scope dir "$dir/b"
run list
ok "list shows scopes" grep -Eqx "  #[0-9]+ dir [0-9]+ on [0-9]+:[0-9]+" "$work/out"
added=$(sed -n 's/^  #\([0-9]*\) dir .*/\1/p' "$work/out")
run exclude web "$dir/a/out"
run list
ok "and what is excluded" grep -Eqx "  #[0-9]+ tree $dir/a, 1 excluded" "$work/out"
run exclude web "$dir/b"
ok "only inside a tree" failed_saying "$dir/b: the directory is not inside"
mkdir "$dir/a/out/unseen"
run include web "$dir/a/out"
ok "include" [ "$status" = 0 ]
mkdir "$dir/b/seen" "$dir/a/out/seen"
run watch --attach web --count 2
ok "what was added, and what was excluded" \
	sh -c "printf 'create #$added/seen/\ncreate $dir/a/out/seen/\n' | cmp - $work/out"
run remove web "$added"
run list
ok "remove" [ "$(grep -c '^  #' "$work/out")" = 1 ]
run remove web 4711
ok "knows no such watch" failed_saying "no watch of this id; see: imon list"
run add none "$dir"
ok "nor such a monitor" failed_saying "monitor none: no monitor has this name; see: imon list"
run delete web

run create small --queue 4K --retention 2h --mode state "$dir"
seq 100 | sed "s|^|$dir/|" | xargs touch
run stat small
ok "stat of one monitor" grep -Eq "^  bytes bound +4096$" "$work/out"
ok "shows that it degraded" grep -Eq "^    to [a-z]+ +[1-9]" "$work/out"
run stat --json
ok "as does JSON" grep -Eq '"degraded_(dir|subtree|root)": [1-9]' "$work/out"
run list --json
ok "JSON of options" grep -q '"retention_sec": 7200' "$work/out"

rmmod imon
rm -rf "$work" "$dir"
