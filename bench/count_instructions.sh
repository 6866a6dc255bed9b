#!/bin/sh
# Counts instructions in valgrind and writes them as JSON: they do not depend on what else the machine does.
#
# The cost of a person is that of 20,000 people less that of 2,000, up to the counts, so that the start of the
# program is not in it, for each kernel set that valgrind can run (no AVX-512). The whole report is counted too.
#
# usage: bench/count_instructions.sh BUILD
set -eu
build=$1
few=2000
many=20000
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

command -v valgrind > /dev/null || { echo "$0: valgrind is not installed" >&2; exit 1; }

# Threads would count while they wait for each other.
threads=
if "$build/omstat" help report | grep -q -e --threads; then threads=--threads=1; fi
export OPENBLAS_NUM_THREADS=1

kernels=scalar
if grep -q -w avx2 /proc/cpuinfo; then kernels='scalar avx2'; fi

# The instructions of a command.
count() {
    valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file="$scratch/out" "$@" \
        2> "$scratch/log" > "$scratch/answer" || { cat "$scratch/log" >&2; return 1; }
    sed -n 's/,//g; s/.*I *refs: *//p' "$scratch/log"
}

# PEOPLE OPTION...
panel() {
    people=$1
    shift
    "$build/bench/generate" --rows "$people" "$@" -o "$scratch/panel"
}

figure() {
    printf '%s\n    {"figure": "%s", "better": "less", "median": %s, "lower_quartile": %s, "upper_quartile": %s}' \
        "$separator" "$1" "$2" "$2" "$2"
    separator=,
}

# NAME OPTION...: a person of such a panel
person() {
    name=$1
    shift
    for kernel in $kernels; do
        panel "$few" "$@"
        start=$(count "$build/bench/stages" tally "$scratch/panel" "$kernel")
        panel "$many" "$@"
        whole=$(count "$build/bench/stages" tally "$scratch/panel" "$kernel")
        figure "$name, $kernel, a person" "$(((whole - start) / (many - few)))"
    done
}

report() {
    panel "$1"
    # shellcheck disable=SC2086
    figure "report of $1 people" "$(count "$build/omstat" report "$scratch/panel" --by cohort -q $threads)"
}

compiler=$("$(cut -d ' ' -f 1 "$build/flags")" -dumpfullversion 2> /dev/null || echo unknown)
printf '{\n  "machine": {"compiler": "%s"},\n  "figures": [' "$compiler"
separator=
person plain
person quoted --quoted
person crlf --crlf
person '5 % odd records' --odd 5
person long --layout long
person shuffled --layout long-shuffled
report 100
report "$many"
printf '\n  ]\n}\n'
