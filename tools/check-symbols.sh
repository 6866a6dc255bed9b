#!/bin/sh
# Checks what the library lends its name to: every global symbol of the static library begins with om_, and the
# shared library exports the OM_API functions of include/omstat and nothing else. And whose names it borrows: a BLAS
# is OpenBLAS, found before GSL brings its own.
#
#   tools/check-symbols.sh [BUILD]
set -eu
cd "$(dirname "$0")/.."
build=${1:-build}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
LC_ALL=C
export LC_ALL

nm -g --defined-only "$build/libomstat.a" | awk 'NF == 3 { print $3 }' | sort -u >"$scratch/static"
# The linker adds three of its own when a library that is needed has them.
nm -D --defined-only "$build/libomstat.so" |
    awk 'NF == 3 { sub(/@.*/, "", $3); if ($3 !~ /^(__bss_start|_edata|_end)$/) print $3 }' | sort -u >"$scratch/shared"

# Declarations: comments and directives taken out, one statement a line, the name before the first parenthesis.
cat include/omstat/*.h | sed '/^[[:space:]]*#/d' | tr '\n' ' ' | sed 's:/\*[^*]*\*\**\([^/*][^*]*\*\**\)*/: :g' | tr ';' '\n' |
    sed -n 's/.*OM_API \([^(]*[ *]\)*\([a-z0-9_]*\)(.*/\2/p' | sort -u >"$scratch/declared"

bad=0
report() { # MESSAGE FILE
    [ -s "$2" ] || return 0
    bad=1
    sed "s/^/$1: /" "$2"
}
grep -v '^om_' "$scratch/static" >"$scratch/foreign" || true
comm -13 "$scratch/declared" "$scratch/shared" >"$scratch/undeclared"
comm -23 "$scratch/declared" "$scratch/shared" >"$scratch/missing"
report 'global symbol without om_' "$scratch/foreign"
report 'exported but in no public header' "$scratch/undeclared"
report 'declared in a public header but not exported' "$scratch/missing"
readelf -d "$build/libomstat.so" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' >"$scratch/needed"
awk '/^libgslcblas/ || (/^libopenblas/ && gsl) { print } /^libgsl\.so/ { gsl = 1 }' "$scratch/needed" >"$scratch/blas"
report 'BLAS that is not OpenBLAS, or comes behind GSL' "$scratch/blas"
echo "$(wc -l <"$scratch/static") global symbols, $(wc -l <"$scratch/declared") functions declared, $(wc -l <"$scratch/shared") exported"
[ -s "$scratch/declared" ] && [ $bad = 0 ]
