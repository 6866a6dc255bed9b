#!/bin/sh
# Measures what bench/baseline.json holds, and compares with it or writes it.
#
# usage: bench/guard.sh BUILD ratios|instructions compare|write
set -eu
cd "$(dirname "$0")/.."
build=$1
kind=$2
verb=$3
baseline=bench/baseline.json
measured=$build/bench-$kind.json

measure() {
    case $kind in
    ratios) "$build/bench/run" --build "$build" --people 1000000 --rounds 11 --json "$measured" bench/guard.txt > "$measured.txt" ;;
    instructions) bench/count_instructions.sh "$build" > "$measured" ;;
    *) echo "$0: ratios or instructions, not '$kind'" >&2; exit 64 ;;
    esac
}

measure
if [ "$verb" = write ]; then
    exec python3 bench/guard.py write "$kind" "$baseline" "$measured"
fi
if python3 bench/guard.py compare "$kind" "$baseline" "$measured"; then
    exit 0
fi

# Counts are the same every time. Ratios are not: a loss must show twice.
[ "$kind" = ratios ] || exit 1
echo 'measured again, as other work on the machine may have been the reason:'
measure
exec python3 bench/guard.py compare "$kind" "$baseline" "$measured"
