#!/bin/sh
# Runs every test of a build and adds them up.
#
#   tests/run.sh BUILD [KERNELS...]
#
# Prints one line a test program, the output of one that fails, and at the end "N passed, N failed, N skipped".
# With names of kernels: the unit and command tests, once with each of them.
set -u

build=${1:?usage: tests/run.sh BUILD [KERNELS...]}
shift
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root" || exit 70
log=$(mktemp) || exit 70
trap 'rm -f "$log"' EXIT

passed=0 failed=0 skipped=0

# report NAME STATUS PASSED FAILED SKIPPED
report() {
    passed=$((passed + $3)) failed=$((failed + $4)) skipped=$((skipped + $5))
    if [ "$2" -ne 0 ] && [ "$4" -eq 0 ]; then # it died before it could count
        failed=$((failed + 1))
    fi
    name="$1${OMSTAT_KERNEL:+ ($OMSTAT_KERNEL)}"
    if [ "$2" -ne 0 ] || [ "$4" -ne 0 ]; then
        grep -v '^ok [0-9]' "$log"
        echo "FAILED  $name"
    else
        printf 'ok      %-40s %4d passed%s\n' "$name" "$3" "$([ "$5" -eq 0 ] || echo ", $5 skipped")"
    fi
}

# cmocka says: [  PASSED  ] 3 test(s).
cmocka_count() {
    sed -n "s/^\[  $1 *\] \([0-9][0-9]*\) test(s).*/\1/p" "$log" | awk '{ n += $1 } END { print n + 0 }'
}

run_units() {
    for program in "$build"/tests/*/test_*; do
        case $program in *.d) continue ;; esac
        [ -x "$program" ] || continue
        "$program" > "$log" 2>&1
        status=$?
        report "${program#"$build"/tests/}" $status "$(cmocka_count PASSED)" "$(cmocka_count FAILED)" "$(cmocka_count SKIPPED)"
    done
}

# The scripts end with "N passed, N failed".
# report_script NAME STATUS: by the last line of what it said.
report_script() {
    line=$(tail -n 1 "$log")
    n_passed=$(echo "$line" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed.*/\1/p')
    n_failed=$(echo "$line" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed.*/\2/p')
    report "$1" "$2" "${n_passed:-0}" "${n_failed:-1}" 0
}

run_script() {
    "$@" > "$log" 2>&1
    report_script "$1" $?
}

# Every input of the corpus once; a target aborts when something is broken.
run_fuzz_corpus() {
    for corpus in tests/fuzz/corpus/*/; do
        target=$(basename "$corpus")
        "$build/tests/fuzz/$target" "$corpus" > "$log" 2>&1
        status=$?
        n=$(sed -n 's/^\([0-9]*\) inputs$/\1/p' "$log")
        report "fuzz/$target (corpus)" $status "${n:-0}" "$([ $status -eq 0 ]; echo $?)" 0
    done
}

# Is this a build with a sanitizer? It takes memory of its own, and the place of malloc.
sanitized() {
    grep -q -a -e __asan_init -e __tsan_init "$build/omstat"
}

# Faults are injected into a program as it is.
run_hostile_world() {
    if sanitized; then
        echo "skipped tests/faults/run.py: a build with a sanitizer"
        skipped=$((skipped + 1))
        run_script tests/faults/world.py "$build" --unbounded
    else
        run_script tests/faults/run.py "$build"
        run_script tests/faults/world.py "$build"
    fi
    run_script tests/faults/canary.py "$build"
    run_script tests/faults/injection.py "$build"
}

# What an MPI library keeps to its end is not ours.
run_mpi() {
    if [ ! -x "$build/omstat-mpi" ] || ! command -v mpirun > /dev/null; then
        echo "skipped tests/mpi/run.sh: no omstat-mpi, or no mpirun, on this machine"
        skipped=$((skipped + 1))
    else
        (export ASAN_OPTIONS="${ASAN_OPTIONS-detect_leaks=0}" && exec tests/mpi/run.sh "$build") > "$log" 2>&1
        report_script tests/mpi/run.sh $?
    fi
}

run_all() {
    run_units
    run_fuzz_corpus
    for script in tests/cli/run.sh tests/docs/run.sh tests/pages/run.sh tests/install/run.sh; do
        [ -f "$script" ] && run_script "$script" "$build/omstat"
    done
    run_hostile_world
    run_mpi
    if ! mandoc -T lint -W warning "$build/omstat.1" > "$log" 2>&1; then
        report "omstat.1 (mandoc)" 1 0 1 0
    else
        report "omstat.1 (mandoc)" 0 1 0 0
    fi
}

OMSTAT=$(cd "$build" && pwd)/omstat
export OMSTAT
[ $# -gt 0 ] || run_all
for OMSTAT_KERNEL; do
    export OMSTAT_KERNEL
    run_units
    run_script tests/cli/run.sh "$build/tests/omstat"
done

echo
[ "$skipped" -eq 0 ] || echo "Skipped tests need what is not here: a reference collection that does not come with the source," \
    "a user who is not root, or a locale with a decimal comma."
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
