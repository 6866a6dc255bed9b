#!/bin/bash
# Does memory stay flat however much comes? Pipes a generated panel into `omstat tally` and prints, as it goes, the
# bytes that came and the memory of omstat (RSS); at the end the rate and the largest of both.
#
#   bench/soak.sh BUILD PERSONS [SECONDS]        PERSONS of a wide panel of 86 items; a line every SECONDS (10)
#
# The column of the ids is called otherwise, so that none is kept: nobody can tell from a pipe what comes later, and
# duplicates of 10^9 persons would need 15 GB (--memory limits that, and the rest goes to a file).
set -euo pipefail
build=${1:?usage: bench/soak.sh BUILD PERSONS [SECONDS]} persons=${2:?how many persons?} pause=${3:-10}
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
mkfifo "$room/panel"

rename_id() {
    IFS= read -r header
    printf 'nr%s\n' "${header#id}"
    exec cat
}
"$build/bench/generate" --rows "$persons" | rename_id > "$room/panel" &
start=$(date +%s%N)
"$build/omstat" tally - --by cohort --threads 1 --quiet --output "$room/sum.tally" < "$room/panel" &
omstat=$!
printf '%8s %10s %10s\n' seconds MB RSS_KiB
most=0
while kill -0 $omstat 2> /dev/null; do
    rss=$(awk '/^VmRSS/ { print $2 }' "/proc/$omstat/status" 2> /dev/null) || break
    read_bytes=$(awk '/^rchar/ { print int($2 / 1e6) }' "/proc/$omstat/io" 2> /dev/null) || break
    [ -n "$rss" ] || break
    [ "$rss" -le "$most" ] || most=$rss
    printf '%8d %10d %10d\n' $((($(date +%s%N) - start) / 1000000000)) "$read_bytes" "$rss"
    sleep "$pause"
done
wait $omstat
seconds=$((($(date +%s%N) - start) / 1000000000))
"$build/omstat" tally --show "$room/sum.tally" | sed -n 3p
echo "$persons records in $seconds s; RSS $most KiB at most; the tally has $(stat -c %s "$room/sum.tally") bytes"
