#!/bin/sh
# Fuzzes targets of a build under libFuzzer, two at a time, and says what came of it.
#
#   tests/fuzz/run.sh BUILD SECONDS [TARGET...]
#
# New inputs gather in BUILD/found/TARGET/, inputs that break something in BUILD/found/TARGET.crash-*; each target
# writes to BUILD/found/TARGET.log. Targets run at the lowest priority.
set -u

build=${1:?usage: tests/fuzz/run.sh BUILD SECONDS [TARGET...]}
seconds=${2:?usage: tests/fuzz/run.sh BUILD SECONDS [TARGET...]}
shift 2
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$build" && pwd)
cd "$root" || exit 70
if [ $# -eq 0 ]; then
    for source in tests/fuzz/fuzz_*.c; do
        name=${source#tests/fuzz/fuzz_}
        set -- "$@" "${name%.c}"
    done
fi

run_target() {
    found=$build/found/$1
    mkdir -p "$found"
    dictionary=
    [ ! -f "tests/fuzz/$1.dict" ] || dictionary=-dict=tests/fuzz/$1.dict
    # shellcheck disable=SC2086 # no dictionary, no argument
    nice -n 19 "$build/tests/fuzz/$1" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=300 \
        -print_final_stats=1 -artifact_prefix="$found." $dictionary "$found" "tests/fuzz/corpus/$1" \
        > "$found.log" 2>&1
}

# say TARGET: one line of figures.
say() {
    log=$build/found/$1.log
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    coverage=$(sed -n 's/.* cov: \([0-9]*\) ft: \([0-9]*\) .*/\1 edges, \2 features/p' "$log" | tail -n 1)
    crashes=$(find "$build/found" -name "$1.crash-*" -o -name "$1.timeout-*" -o -name "$1.oom-*" -o -name "$1.leak-*" | wc -l)
    printf '%-12s %s executions, %s, %s inputs, %s broken\n' "$1" "${executions:-no}" "$coverage" \
        "$(find "$build/found/$1" -type f | wc -l)" "$crashes"
}

status=0
while [ $# -gt 0 ]; do
    run_target "$1" &
    first=$!
    second=
    if [ $# -gt 1 ]; then
        run_target "$2" &
        second=$!
    fi
    wait $first || status=1
    [ -z "$second" ] || wait "$second" || status=1
    say "$1"
    shift
    [ -z "$second" ] || { say "$1" && shift; }
done
exit $status
