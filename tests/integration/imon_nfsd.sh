#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What clients of the kernel's NFS server change is told as if it were done here.
# Server and client are the kernel's own, in one guest; what mountd would answer
# the server's questions, it is told beforehand.

dir=/mnt/ext4/imon_nfsd
mount=/tmp/imon_nfsd.mount
work=/tmp/imon_nfsd
rpc=/proc/net/rpc
nfsd=/proc/fs/nfsd
# shellcheck source=tests/integration/cli.sh
. "${0%/*}/cli.sh"

# The export is the root of all exports (fsid 0), for any port, without a check
# of subtrees: NFSEXP_INSECURE_PORT, _NOSUBTREECHECK, _FSID.
serve() {
	mkdir -p /var/lib/nfs/v4recovery && mount -t nfsd nfsd $nfsd || return
	for_ever=4000000000
	echo "nfsd 127.0.0.1 $for_ever here" >$rpc/auth.unix.ip/channel
	echo "here $dir $for_ever $((0x2402)) 65534 65534 0" >$rpc/nfsd.export/channel
	printf 'here 1 \\x00000000 %s %s\n' $for_ever $dir >$rpc/nfsd.fh/channel
	# Version 4 alone needs no portmapper.
	echo "-3 +4" >$nfsd/versions
	echo "tcp 2049" >$nfsd/portlist
	echo 2 >$nfsd/threads
	# It lets those who were here before come back first; nobody was.
	echo Y >$nfsd/v4_end_grace
}

join() {
	mount -i -t nfs4 -o vers=4.2,addr=127.0.0.1,clientaddr=127.0.0.1 127.0.0.1:/ $mount
}

part() {
	umount $mount
	echo 0 >$nfsd/threads
	for cache in nfsd.fh nfsd.export auth.unix.ip; do
		date +%s >$rpc/$cache/flush
	done
	umount $nfsd
}

# Sooner or later: how many steps a client takes is its own affair.
told() { # LINE
	# shellcheck disable=SC3045 # busybox has -t
	while read -r -t 60 line <&3; do
		[ "$line" != "$1" ] || return 0
		echo "# also: $line"
	done
	echo "# never told: $1"
	return 1
}

begin 12 $dir $mount
if ! modprobe -q -a nfsd nfsv4; then
	for i in $(seq 12); do
		echo "ok $i # SKIP this kernel has no NFS server"
	done
	exit
fi
insmod /lib/imon/imon.ko
serve 2>"$work/err" && join 2>>"$work/err"
ok "a client has the folder" [ "$(stat -f -c %T $mount)" = nfs ]

start watch $dir
armed
mkdir $mount/d
ok "mkdir" told "create $dir/d/"
echo text >$mount/d/f
ok "a new file: its name" told "create $dir/d/f"
ok "what was written" told "modify $dir/d/f"
ok "and its end" told "close-write $dir/d/f"
chmod 600 $mount/d/f
ok "chmod" told "attrib $dir/d/f"
mv $mount/d/f $mount/d/g
ok "rename" told "rename $dir/d/f -> $dir/d/g"
ln $mount/d/g $mount/d/h
ok "link" told "create,link,multilink $dir/d/h"

# The client knows the directory by its handle; the server has to find the way.
(cd $mount/d && echo 2 >/proc/sys/vm/drop_caches && echo more >>g)
ok "a write after the server forgot all names" told "modify,multilink $dir/d/g"
rm $mount/d/h
ok "unlink" told "delete $dir/d/h"
rm -r $mount/d
ok "rmdir" told "delete $dir/d/"
kill -INT "$reader"
ok "that ends well" ended 0

part
rmmod imon
