#!/bin/sh
# Runs the program under valgrind over inputs of every kind.
#
#   tests/faults/valgrind.sh OMSTAT VALGRIND...
set -u

omstat=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
room=$(mktemp -d) || exit 70
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 70
ln -s "$root/data" data
sed '3s/,[0-9]/,99/; 5s/^/"/; 7s/$/,1/; 9s/^/=/' data/evaluation_wide.csv > bad.csv
iconv -f UTF-8 -t UTF-16 data/evaluation_wide.csv > wide.csv
gzip -c data/evaluation_long.csv > long.csv.gz
status=0

# try NAME ARGUMENTS...: any exit code of the program's own is fine.
try() {
    "$@" > said 2>&1 < /dev/null
    code=$?
    if [ $code -eq 99 ]; then
        echo "not ok - $*"
        sed 's/^/#   /' said
        status=1
    else
        echo "ok - $* ($code)"
    fi
}

run() {
    try "$@" "$omstat" report data/evaluation_wide.csv --by cohort -q
    try "$@" "$omstat" report wide.csv --encoding utf-16 -q --format csv
    try "$@" "$omstat" report long.csv.gz -q --format json -o out.json
    try "$@" "$omstat" report data/evaluation_wide.csv -q --statistics reliability,effects,paired -o out.md
    try "$@" "$omstat" report data/evaluation_wide.csv -q -o out.html
    try "$@" "$omstat" score data/evaluation_long.csv --formula-guard escape -q -o scores.csv
    for format in text sarif junit github gitlab tap markdown; do
        try "$@" "$omstat" validate bad.csv --by cohort --format "$format"
    done
    try "$@" "$omstat" validate bad.csv -q --valid good.csv --invalid rejected.csv
    try "$@" "$omstat" init data/evaluation_long.csv
    try "$@" "$omstat" schema data/evaluation_long.csv
    try "$@" "$omstat" instruments show bipf
    try "$@" "$omstat" explain OM132
}
run "$@"
exit $status
