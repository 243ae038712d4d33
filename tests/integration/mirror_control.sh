#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# imon-mirror asks and steers a daemon that runs from a configuration file.
work=/mnt/ext4/mirror_control
# shellcheck source=tests/integration/cli.sh
. "${0%/*}/cli.sh"
# shellcheck source=tests/integration/daemon.sh
. "${0%/*}/daemon.sh"

config=$work/mirrord.toml
source=$work/source
web2=$work/web2
web3=$work/web3

configure() { # MORE
	cat >"$config" <<END
instance = "test"
state = "$work/state"
socket = "$work/sock"
guard.deletions = 20

[[mirror]]
name = "www"
root = "$source"
filters = ["- *.tmp", "+ /cache/kept", "- /cache/"]
hooks.after = ["/bin/sh", "-c", "echo \$IMON_REPLICA \$IMON_STATUS >>$work/hooks"]
$1
  [[mirror.replica]]
  to = "$web2"
  trash = "1d"

  [[mirror.replica]]
  to = "$web3"
END
}

mirrored() { start_daemon --config "$config" --verbose; }

same() { [ "$(cat "$source/$1")" = "$(cat "$web2/$1")" ] && cmp -s "$source/$1" "$web3/$1"; }

waits() { in_sync && same file && said "2 of 2 replicas hold"; }

reports() {
	mirror status && said www && said "in sync" &&
		mirror status --json && said '"state": "in sync"'
}

is_paused() {
	mirror pause -r "$web2" && echo new >"$source/file" &&
		mirror wait -r "$web3" --timeout 60s &&
		cmp -s "$source/file" "$web3/file" &&
		! cmp -s "$source/file" "$web2/file" &&
		! mirror status && [ "$status" = 1 ] && said paused
}

explains() {
	mirror why "$source/file" -r "$web2"
	[ "$status" = 1 ] && said pending
}

resumes() { mirror resume && in_sync && same file; }

lose_many() {
	for i in $(seq 30); do echo "$i" >"$source/many$i"; done
	in_sync || return
	rm -f "$source"/many*
}

are_held() {
	lose_many
	mirror wait --timeout 5s
	[ "$status" = 1 ] && [ -e "$web2/many30" ] && [ -e "$web3/many30" ] &&
		! mirror status && [ "$status" = 1 ] && said held &&
		said "imon-mirror approve"
}

are_approved() {
	mirror approve -r "$web2" && mirror wait -r "$web2" --timeout 60s &&
		[ ! -e "$web2/many30" ] && [ -e "$web3/many30" ]
}

are_in_the_trash() {
	find "$web2/.imon-trash" -name many30 | grep -q .
}

are_rejected() {
	mirror reject -r "$web3" && in_sync && [ -e "$web3/many30" ]
}

is_found() {
	echo drifted >"$web2/file"
	mirror verify -r "$web2" --wait
	[ "$status" = 1 ] && same file && logged 'had drifted'
}

are_left_out() {
	mkdir -p "$source/cache/deep" && in_sync &&
		echo x | tee "$source/x.tmp" "$source/y.tmp" "$source/cache/deep/x" \
			"$source/cache/kept" >"$source/y" &&
		in_sync && mv "$source/y.tmp" "$source/z" && mv "$source/x.tmp" \
			"$source/cache/x.tmp" && mv "$source/y" "$source/y.tmp" &&
		in_sync && [ -e "$web2/z" ] && [ ! -e "$web2/y" ] &&
		! [ -e "$web2/cache" ] && ! quietly ls "$web2"/*.tmp
}

# What the replica has there is its own.
are_left_alone() {
	mkdir -p "$web2/cache/own" && rm -r "$source/cache" && echo 1 >"$source/one" &&
		in_sync && [ -e "$web2/one" ] && [ -d "$web2/cache/own" ]
}

are_told() {
	mirror why "$source/cache/deep/x" -r "$web2" &&
		said "is filtered, left out by the filter /cache/, with cache" &&
		mirror why "$source/a.tmp" -r "$web2" &&
		said "is filtered, left out by the filter *.tmp" &&
		mirror why "$source/z" && said "is up to date" && ! said filtered
}

are_run() {
	grep -qF "$web2 0" "$work/hooks" && grep -qF "$web3 0" "$work/hooks"
}

is_refused() {
	configure 'windwo = "1s"'
	mirror reload
	[ "$status" != 0 ] && grep -q "window" "$work/err" && echo z >"$source/z" &&
		in_sync && same z
}

is_reloaded() {
	configure 'window = "1ms"'
	mirror reload && echo zz >"$source/z" && in_sync && same z
}

goes_on() {
	end_daemon -KILL
	echo later >"$source/later"
	mirrored && same later && logged 'goes on with'
}

is_alone() {
	imon-mirrord --config "$config" 2>"$work/err"
	[ $? = 2 ] && grep -q 'another imon-mirrord has it open' "$work/err"
}

is_validated() {
	imon-mirrord --config "$config" --check >"$work/out" && said 'name = ' &&
		! imon-mirrord "$source" --to "$source/in" --check 2>"$work/err"
}

shows_what_it_would_do() {
	echo dry >"$source/dry"
	in_sync
	rm "$web3/dry"
	imon-mirrord --config "$config" --dry-run >"$work/out" && said dry && [ ! -e "$web3/dry" ]
}

echo "TAP version 13"
echo "1..20"
rm -rf $work
mkdir -p $source $web2 $web3
echo hello >$source/file
insmod /lib/imon/imon.ko
configure
mirrored
ok "wait: until every replica holds all" waits
ok "status: people and programs can read it" reports
ok "a second daemon is refused" is_alone
ok "pause: one replica waits, the other does not" is_paused
ok "why: says that a path is pending" explains
ok "resume: it catches up" resumes
ok "filters: what they name stays away" are_left_out
ok "why: names the filter that leaves a path out" are_told
ok "filters: what a replica has there is its own" are_left_alone
ok "hooks: are run for each replica" are_run
ok "too many deletions are held" are_held
ok "approve: they happen" are_approved
ok "trash: they can be taken back" are_in_the_trash
ok "reject: they do not happen" are_rejected
ok "verify: drift is found and mended" is_found
ok "reload: a mistake changes nothing" is_refused
ok "reload: what changed is in force" is_reloaded
ok "a daemon that was killed goes on" goes_on
ok "--check: says what is in force" is_validated
ok "--dry-run: sends nothing" shows_what_it_would_do
stop_daemon
sed 's/^/# /' $work/log
rm -rf $work
rmmod imon
