#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# usage: selftest.sh
#
# Does the guest see what is wrong? Runs the programs in selftest/, whose names
# begin with the colour that they must be judged as, and a kernel that panics
# after its last test, which must not pass for a verdict.
set -u

here=$(cd "$(dirname "$0")" && pwd)
BUILD=${BUILD:-$(cd "$here/../.." && pwd)/build}
words=$BUILD/logs/selftest.verdict
wrong=0

complain() {
	echo "selftest: $*" >&2
	wrong=$((wrong + 1))
}

LOG=selftest "$here/run" LIMIT=20 selftest && complain "red programs made no red run"
for program in "$here"/selftest/*-*; do
	name=${program##*/}
	line=$(grep "^selftest/$name " "$words") || complain "$name was not judged"
	case $name:$line in
	green-*" 0 failed"* | red-*" 1 failed"*) ;;
	*) complain "judged wrongly: $line" ;;
	esac
done
LOG=selftest "$here/run" panic && complain "a panic made a green run"
case $(tail -n 1 "$words") in
verdict*) complain "a kernel that panicked spoke a verdict" ;;
esac
[ $wrong = 0 ]
