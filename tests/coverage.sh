#!/bin/sh
# Runs the tests of a build made for it and says what of each layer they reach.
#
#   tests/coverage.sh BUILD
set -u

build=$(cd "${1:?usage: tests/coverage.sh BUILD}" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root" || exit 70
rm -rf "$build/profiles"
LLVM_PROFILE_FILE=$build/profiles/%4m.profraw tests/run.sh "$build" > "$build/tests.log" 2>&1
tail -n 1 "$build/tests.log"
llvm-profdata-19 merge -sparse -o "$build/all.profdata" "$build"/profiles/*.profraw || exit 1
set -- "$build/omstat"
for program in "$build"/tests/*/test_* "$build"/tests/fuzz/*; do
    case $program in *.d | *.o) continue ;; esac
    [ ! -x "$program" ] || set -- "$@" -object "$program"
done
llvm-cov-19 export -summary-only -instr-profile "$build/all.profdata" "$@" engine > "$build/coverage.json" 2> "$build/coverage.log"
python3 - "$build/coverage.json" << 'END'
import collections
import json
import sys

layers = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, 0]))
for file in json.load(open(sys.argv[1]))["data"][0]["files"]:
    layer = file["filename"].split("/engine/")[-1].split("/")[0]
    for name in (layer, "all"):
        for kind in ("lines", "functions", "branches", "mcdc"):
            layers[name][kind][0] += file["summary"][kind]["covered"]
            layers[name][kind][1] += file["summary"][kind]["count"]
print(f"{'layer':12} {'lines':>16} {'functions':>16} {'branches':>16} {'MC/DC':>16}")
for name in sorted(layers, key=lambda n: (n == "all", n)):
    row = (f"{100 * k / n:6.1f}% of {n:5}" if n else "" for k, n in (layers[name][c] for c in ("lines", "functions", "branches", "mcdc")))
    print(f"{name:12} " + " ".join(f"{cell:>16}" for cell in row))
END
