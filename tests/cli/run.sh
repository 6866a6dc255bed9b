#!/bin/sh
# Runs the program as people run it and compares what it writes, word for word.
#
#   tests/cli/run.sh [--update] OMSTAT [NAME...]
#
# Each directory here is one test:
#   cmd      shell commands, run in a new empty directory with $OMSTAT and with data/ and tests/ in reach
#   stdout   what is expected on standard output; not compared when there is no such file
#   stderr   the same for standard error
#   exit     the exit code, 0 when there is no such file
# An expected line stands for itself, or is a shell pattern (* ? [...]). A line of three dots stands for any
# number of lines. --update writes the files that a test has and that do not fit anew.
set -u

update=no
if [ "${1-}" = --update ]; then
    update=yes
    shift
fi
[ $# -ge 1 ] || { echo "usage: $0 [--update] OMSTAT [NAME...]" >&2; exit 64; }
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
OMSTAT=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
[ -x "$OMSTAT" ] || { echo "$0: there is no program $OMSTAT" >&2; exit 64; }
export OMSTAT
unset COLUMNS NO_COLOR POSIXLY_CORRECT
LC_ALL=C TERM=dumb
export LC_ALL TERM

scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# line_fits ACTUAL EXPECTED
line_fits() {
    [ "$1" = "$2" ] && return 0
    # shellcheck disable=SC2254 # the expected line is a pattern
    case $1 in
    $2) return 0 ;;
    esac
    return 1
}

# fits EXPECTED-FILE ACTUAL-FILE: succeeds when every line fits.
fits() {
    cmp -s "$1" "$2" && return 0
    exec 3<"$1" 4<"$2"
    any=no
    while IFS= read -r expected <&3 || [ -n "$expected" ]; do
        if [ "$expected" = ... ]; then
            any=yes
            continue
        fi
        while :; do
            IFS= read -r actual <&4 || [ -n "$actual" ] || return 1
            line_fits "$actual" "$expected" && break
            [ $any = yes ] || return 1
        done
        any=no
    done
    [ $any = yes ] && return 0
    IFS= read -r actual <&4 && return 1
    return 0
}

# compare TEST STREAM: reports a difference, or takes it over with --update.
compare() {
    [ -e "$here/$1/$2" ] || return 0
    fits "$here/$1/$2" "$scratch/$2" && return 0
    if [ $update = yes ]; then
        cp "$scratch/$2" "$here/$1/$2"
        echo "# $1: $2 written anew"
        return 0
    fi
    echo "# $1: $2 differs (- expected, + actual)"
    diff -u "$here/$1/$2" "$scratch/$2" | sed -n '3,40s/^/#   /p'
    return 1
}

run_test() {
    rm -rf "$scratch/room"
    mkdir "$scratch/room" || return 1
    ln -s "$root/data" "$scratch/room/data"
    ln -s "$here" "$scratch/room/tests"
    (cd "$scratch/room" && sh "$here/$1/cmd") >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
    echo $? >"$scratch/exit"
    result=0
    if [ -e "$here/$1/exit" ]; then
        compare "$1" exit || result=1
    elif [ "$(cat "$scratch/exit")" != 0 ]; then
        echo "# $1: exit code $(cat "$scratch/exit")"
        result=1
    fi
    compare "$1" stdout || result=1
    compare "$1" stderr || result=1
    [ $result = 0 ] || [ -e "$here/$1/stderr" ] || sed -n '1,5s/^/#   said: /p' "$scratch/stderr"
    return $result
}

passed=0 failed=0
if [ $# -eq 0 ]; then
    for directory in "$here"/*/; do
        set -- "$@" "$(basename "$directory")"
    done
fi
for name; do
    [ -e "$here/$name/cmd" ] || { echo "$0: there is no test $name" >&2; exit 64; }
    if run_test "$name"; then
        passed=$((passed + 1))
        echo "ok $((passed + failed)) - $name"
    else
        failed=$((failed + 1))
        echo "not ok $((passed + failed)) - $name"
    fi
done
echo "1..$((passed + failed))"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
