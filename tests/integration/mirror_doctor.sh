#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# imon-mirror doctor: one set-up that is well, and many that are not, each in
# its own way.
work=/mnt/ext4/mirror_doctor
# shellcheck source=tests/integration/cli.sh
. "${0%/*}/cli.sh"
# shellcheck source=tests/integration/daemon.sh
. "${0%/*}/daemon.sh"

source=$work/source
replica=$work/replica
web2=127.0.0.1:$replica
state=$work/state

# As root, or as $user.
doctor() { # ARGUMENT...
	case $user in
	root) timeout 250 imon-mirror doctor "$@" --socket "$work/sock" ;;
	*) su -s /bin/sh "$user" -c "exec timeout 250 imon-mirror doctor $*" ;;
	esac >"$work/out" 2>"$work/err"
	status=$?
	sed 's/^/# /' "$work/out"
}

says() { grep -qE -- "$1" "$work/out"; }

# Exactly that is not well: STATUS, PATTERN of the line.
finds() {
	expected=$1
	shift
	[ "$status" = "$expected" ] && [ "$(grep -c '^fail\|^warn' "$work/out")" = $# ] ||
		return
	for line; do
		says "^$line" || return
	done
}

# The daemon does not run in most of these; that is no failure.
down='warn  daemon: imon-mirrord does not run; to mend it: systemctl start imon-mirrord'

with() { # ARGUMENT...
	doctor "$source" --to "$web2" --state "$state" "$@"
}

start_sshd() {
	/usr/sbin/sshd -D -e -o ListenAddress=127.0.0.1 2>/dev/null &
	sshd=$!
	for _ in $(seq 600); do
		quietly ssh 127.0.0.1 true && return
		usleep 100000
	done
}

is_read() {
	printf 'state = "%s"\n[[mirror]]\nroot = "%s"\n[[mirror.replica]]\nto = "%s"\n%s\n' \
		"$state" "$source" "$web2" "$1" >"$work/mirrord.toml"
	doctor --config "$work/mirrord.toml"
}

# What it says mends it does.
is_lent() {
	with
	finds 1 "$down" 'fail  .*: monitor: no monitor is made for this user; .* sudo imon create' ||
		return
	sed -n 's/.*to mend it: sudo //p' "$work/out" >"$work/mend"
	sh "$work/mend" && with && finds 0 "$down"
}

is_full() {
	mkdir -p "$work/full"
	mount -t tmpfs -o size=64k none "$work/full"
	quietly dd if=/dev/zero of="$work/full/fill" bs=4k
	doctor "$source" --to "$web2" --state "$work/full"
	umount "$work/full"
	finds 1 "$down" 'fail  state: 0 MiB free, .* df -i'
}

to_rsyncd() { # MODULE
	doctor "$source" --to "rsync://127.0.0.1:8730/$1" --state "$state"
}

is_served() {
	printf 'port = 8730\naddress = 127.0.0.1\nlog file = /dev/null\n[www]\npath = %s\nread only = no\n[kept]\npath = %s\n[gone]\npath = %s/gone\n' \
		"$replica" "$replica" "$work" >"$work/rsyncd.conf"
	rsync --daemon --no-detach --config="$work/rsyncd.conf" &
	rsyncd=$!
	for _ in $(seq 600); do
		quietly rsync rsync://127.0.0.1:8730/ && break
		usleep 100000
	done
	to_rsyncd www
	finds 0 "$down" && says '^ok    rsync:.*: rsync: speaks protocol 3[0-9]$' &&
		to_rsyncd kept && finds 1 "$down" 'fail  .*: writing: .*module is read only.*rsyncd.conf' &&
		to_rsyncd none && finds 1 "$down" 'fail  .*: rsync: .*Unknown module .none.*: rsync --list-only' &&
		to_rsyncd gone && finds 1 "$down" 'fail  .*: rsync: .*chroot failed'
}

is_down() {
	kill "$rsyncd"
	wait "$rsyncd"
	to_rsyncd www
	finds 1 "$down" 'fail  .*: rsync: .*Connection refused.*; .* rsync --list-only'
}

runs() {
	start_daemon "$source" --to "$web2" || return
	with
	finds 0 && says '^ok    daemon: imon-mirrord runs'
}

# It is not told what is mirrored to where.
doctor_alone() {
	mkdir -p "$work/run/imon-mirrord"
	ln -sf "$work/sock" "$work/run/imon-mirrord/it.sock"
	XDG_RUNTIME_DIR=$work/run timeout 250 imon-mirror doctor \
		>"$work/out" 2>"$work/err"
	status=$?
	sed 's/^/# /' "$work/out"
}

knows() {
	doctor_alone
	finds 0 && says "^ok    $replica: imon-apply: version"
}

echo "TAP version 13"
echo "1..23"
rm -rf $work
mkdir -p $source $replica $work/own
chown user $work/own
echo hello >$source/file
start_sshd

with
ok "no module" finds 0 "$down" 'warn  module: it is not loaded, events come from fanotify; .*modprobe imon'
with --events imon
ok "no module, where no other will do" finds 1 "$down" 'fail  module: it is not loaded, and events are to come from it alone; .*modprobe imon'
insmod /lib/imon/imon.ko
with --events imon
ok "and with it" finds 0 "$down"
with
ok "all is well" finds 0 "$down"
ok "it says what it has looked at" says '^ok    127.0.0.1:.*: rsync: speaks protocol 3[0-9]$'
with --json
ok "for programs" says '"failures": 0'
with --rsh 'ssh -oGlobalKnownHostsFile=/dev/null -oUserKnownHostsFile=/dev/null'
ok "an unknown host key" finds 1 "$down" 'fail  .*: ssh: its host key is not known.*: ssh 127.0.0.1$'
with --rsh 'ssh -oIdentitiesOnly=yes -oIdentityFile=/dev/null'
ok "no key of ours" finds 1 "$down" 'fail  .*: ssh: it wants a password.*: ssh-copy-id 127.0.0.1$'
with --rsh 'ssh -p 1'
ok "no sshd" finds 1 "$down" 'fail  .*: ssh: no ssh server'
with --apply /nowhere/imon-apply
ok "no imon-apply there" finds 0 "$down" 'warn  .*: imon-apply: it is missing; .*install imon-apply'
with --rsync-option=--rsync-path=/nowhere/rsync
ok "no rsync there" finds 1 "$down" 'fail  .*: rsync: .*not found.*: install rsync there$'
with --rsync /nowhere/rsync
ok "no rsync here" finds 1 "$down" 'fail  rsync here: .*install rsync' 'fail  .*: rsync: .*No such file'
doctor "$source" --to "$web2/none" --state "$state"
ok "no directory there" finds 1 "$down" 'fail  .*: directory: it is not there; .*--create-dirs'
ok "an rsync daemon" is_served
ok "an rsync daemon that does not run" is_down
doctor "$work/none" --to "$web2" --state "$state"
ok "no source" finds 1 "$down" 'fail  .*none: .*cannot be read: No such file.*ls -ld'
ok "the disk of the journal is full" is_full
is_read
ok "a configuration" finds 0 "$down"
is_read 'windwo = 1'
ok "a mistake in it" finds 1 'fail  configuration: .*mirrord.toml:6: .*windwo'
user=user state=$work/own web2=$work/own
ok "a user whom no monitor is lent" is_lent
user=root state=$work/state web2=$replica
ok "a daemon that runs" runs
ok "what it mirrors, from itself" knows
stop_daemon
doctor_alone
ok "and from nobody" finds 1 'fail  configuration: no directory is given'

kill $sshd
wait $sshd
rmmod imon
rm -rf $work
