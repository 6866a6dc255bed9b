#!/bin/sh
# The guard itself, fed with made-up numbers: it passes what is equal, better or within the noise, and fails a
# loss of a fifth, a growth of instructions by a twentieth, a comparison of nothing,
# and one of noise.
#
# usage: bench/test_guard.sh
set -eu
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# A measurement with a share of the limit, a memory ratio and the spread of both: SHARE MEMORY SPREAD
ratios() {
    awk -v share="$1" -v memory="$2" -v spread="$3" 'BEGIN {
        form = "{\"figure\": \"%s\", \"better\": \"%s\", \"median\": %g, \"lower_quartile\": %g, \"upper_quartile\": %g}"
        printf "{\"machine\": {\"cpu\": \"made up\"}, \"figures\": ["
        printf form ", ", "tally", "more", share, share * (1 - spread), share * (1 + spread)
        printf form "]}\n", "memory", "less", memory, memory * (1 - spread), memory * (1 + spread)
    }'
}

# expect CODE KIND WHAT, on $scratch/now
expect() {
    code=0
    python3 guard.py compare "$2" "$scratch/baseline.json" "$scratch/now" > "$scratch/out" || code=$?
    if [ "$code" -ne "$1" ]; then
        echo "guard: $3: exit code $code, not $1" >&2
        cat "$scratch/out" >&2
        failed=1
    fi
}

ratios 0.5 1 0.02 > "$scratch/was"
python3 guard.py write ratios "$scratch/baseline.json" "$scratch/was" > /dev/null
python3 guard.py write instructions "$scratch/baseline.json" "$scratch/was" > /dev/null

cp "$scratch/was" "$scratch/now"
expect 0 ratios 'equal'
expect 0 instructions 'equal counts'
ratios 0.48 1.04 0.02 > "$scratch/now"
expect 0 ratios 'a loss of 4 %, within the noise'
ratios 0.7 0.5 0.02 > "$scratch/now"
expect 0 ratios 'a gain'
ratios 0.4 1 0.02 > "$scratch/now"
expect 1 ratios 'a loss of 20 %'
ratios 0.5 1.25 0.02 > "$scratch/now"
expect 1 ratios 'a quarter more memory'
ratios 0.4 1 0.3 > "$scratch/now"
expect 2 ratios 'rounds that differ by a third'
ratios 0.5 1 0 > "$scratch/was"
python3 guard.py write instructions "$scratch/baseline.json" "$scratch/was" > /dev/null
ratios 0.5 1.05 0 > "$scratch/now"
expect 1 instructions '5 % more instructions'
ratios 0.5 1.02 0 > "$scratch/now"
expect 0 instructions '2 % more instructions'
echo '{"machine": {}, "figures": []}' > "$scratch/now"
expect 1 ratios 'nothing measured'

[ "$failed" -eq 0 ] && echo 'guard: 10 cases as expected'
exit "$failed"
