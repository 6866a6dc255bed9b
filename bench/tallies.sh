#!/bin/sh
# What tallies cost: their sizes, and the time to add many of them up and to report on the sum, beside that of reporting
# on the panel they were made of.
#
#   tallies.sh BUILD [PEOPLE [PARTS]]
set -eu
build=$(cd "$1" && pwd)
people=${2:-100000} parts=${3:-1000}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# seconds COMMAND...: what it took, on standard output; the best of three.
seconds() {
    for _ in 1 2 3; do
        start=$(date +%s%N)
        "$@" >/dev/null
        end=$(date +%s%N)
        echo $((end - start))
    done | sort -n | awk 'NR == 1 { printf "%.3f", $1 / 1e9 }'
}

"$build/bench/generate" --rows "$people" --cohorts 20 -o panel.csv
start=$(date +%s%N)
for i in $(seq "$parts"); do
    "$build/omstat" tally panel.csv -q --by cohort --shard "$i/$parts" -o "$i.tally"
done
each=$(awk -v ns=$(($(date +%s%N) - start)) -v n="$parts" 'BEGIN { printf "%.4f", ns / n / 1e9 }')
"$build/omstat" merge ./*.tally -o sum
"$build/omstat" report panel.csv -q --by cohort --format csv >panel
"$build/omstat" report sum -q --by cohort --format csv | cmp - panel || { echo "tallies.sh: WRONG" >&2; exit 1; }

merge=$(seconds "$build/omstat" merge ./*.tally -o again)
of_sum=$(seconds "$build/omstat" report sum -q --by cohort --format csv)
of_panel=$(seconds "$build/omstat" report panel.csv -q --by cohort --format csv)
wc -c ./*.tally | grep -v total | sort -n | awk -v people="$people" -v n="$parts" '
    { size[NR] = $1; sum += $1 }
    END { printf "%d people in %d parts of 20 groups\n", people, n
          printf "  size of a tally, bytes   %d to %d, half of them below %d\n", size[1], size[NR], size[int((NR + 1) / 2)]
          printf "  all of them, MB          %.1f\n", sum / 1e6 }'
printf '  the sum, bytes           %d\n' "$(wc -c <sum)"
printf '  the panel, MB            %.1f\n' "$(awk -v n="$(wc -c <panel.csv)" 'BEGIN { print n / 1e6 }')"
printf '  to tally a part, s       %s\n' "$each"
printf '  to merge all, s          %s\n' "$merge"
printf '  to report on the sum, s  %s\n' "$of_sum"
printf '  ... on the panel, s      %s\n' "$of_panel"
