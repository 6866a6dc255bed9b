#!/bin/sh
# Installs to an empty prefix and builds a small program against what is there.
#
#   tests/install/run.sh OMSTAT
set -u

build=$(dirname "${1:?usage: tests/install/run.sh OMSTAT}")
root=$(cd "$(dirname "$0")/../.." && pwd)
prefix=$(mktemp -d) || exit 70
trap 'rm -rf "$prefix"' EXIT
passed=0 failed=0

check() {
    name=$1
    shift
    if "$@" > "$prefix/log" 2>&1; then
        echo "ok - $name"
        passed=$((passed + 1))
    else
        cat "$prefix/log"
        echo "not ok - $name"
        failed=$((failed + 1))
    fi
}

cd "$root" || exit 70
cat > "$prefix/use.c" << 'C'
#include <omstat/omstat.h>
#include <stdio.h>

int
main(void)
{
    struct om_interval interval;
    om_proportion(37, 200, 0.95, OM_PROPORTION_WILSON, &interval);
    printf("%.6f %.6f\n", interval.lower, interval.upper);
    return om_instrument_builtin_count() < 7;
}
C

# The compiler and the flags of this build, so that nothing is built anew.
cc=$(sed 's/ -std=c17 .*//' "$build/flags")
cflags=$(sed 's/.* -ffp-contract=off //' "$build/flags")
flags=$(sed -n 's/.*\(-fsanitize=[a-z,]*\).*/\1/p' "$build/flags")
check "make install" make --no-print-directory BUILD="$build" PREFIX=/usr DESTDIR="$prefix" CC="$cc" CFLAGS="$cflags" install
# shellcheck disable=SC2086 # no flags is no argument; a compiler may come with options
check "a program against the shared library" $cc -std=c17 $flags -I"$prefix/usr/include" -o "$prefix/use" \
    "$prefix/use.c" -L"$prefix/usr/lib" -lomstat
check "it runs" env LD_LIBRARY_PATH="$prefix/usr/lib" "$prefix/use"
check "the pkg-config file has the version" grep -q "^Version: [0-9]" "$prefix/usr/lib/pkgconfig/omstat.pc"
check "the installed program reports" "$prefix/usr/bin/omstat" report "$root/data/evaluation_wide.csv" -o "$prefix/r.csv"
check "the manual is there" grep -q '^\.Dd' "$prefix/usr/share/man/man1/omstat.1"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
