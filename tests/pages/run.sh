#!/bin/sh
# Makes reports in HTML of many shapes and has them read by a parser that is not ours.
#
#   tests/pages/run.sh OMSTAT [DIRECTORY]
#
# With a directory the reports are kept there, for `make check-pages`, which shows them to a browser.
set -u

OMSTAT=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
LC_ALL=C.UTF-8
export LC_ALL

room=${2-}
if [ -z "$room" ]; then
    room=$(mktemp -d) || exit 70
    trap 'rm -rf "$room"' EXIT
    trap 'exit 130' INT TERM
fi
mkdir -p "$room" || exit 73
cd "$room" || exit 70
# The package of Debian is for Debian's own python3, which need not be the first one.
python=
for python in python3 /usr/bin/python3 none; do
    if "$python" -c 'import html5lib' 2> /dev/null; then
        break
    fi
done
if [ "$python" = none ]; then
    echo "there is no html5lib (Debian: python3-html5lib)"
    echo "0 passed, 1 failed"
    exit 1
fi

passed=0 failed=0
# check NAME COMMAND...: the command makes NAME.html.
check() {
    name=$1
    shift
    if "$@" > "$name.log" 2>&1 && "$python" "$here/check.py" "$name.html" >> "$name.log" 2>&1; then
        passed=$((passed + 1))
        echo "ok $((passed + failed)) - $name"
    else
        failed=$((failed + 1))
        echo "not ok $((passed + failed)) - $name"
        sed 's/^/#   /' "$name.log" | head -20
    fi
}

report() {
    to=$1
    shift
    "$OMSTAT" report "$@" -q -o "$to.html"
}

data=$root/data
items() { for i in 1 2 3 4 5 6 7 8 9; do printf ',phq9_%s_%s' "$i" "$1"; done; }
{
    printf 'id,arm%s%s\n' "$(items pre)" "$(items post)"
    printf '%s\n' a,x,3,3,3,3,3,3,3,3,3,0,0,0,0,0,0,0,0,0 b,x,2,2,2,2,2,2,2,2,1,2,2,2,2,2,2,2,2,1 \
        c,y,1,1,1,1,1,1,1,1,0,3,3,3,3,3,3,3,3,3 d,y,1,0,1,0,1,0,1,0,0,1,0,1,0,1,0,1,0, e,y,2,2,2,2,2,2,2,2,0,,,,,,,,,
} > five.csv
head -n 2 five.csv > one.csv
"$python" - > sites.csv << 'END'
import random
chance = random.Random(200)
print("id,site," + ",".join("phq9_%d_%s" % (i, o) for o in ("pre", "post") for i in range(1, 10)))
for person in range(6000):
    level = chance.gauss(1.6, 0.6)
    after = level - chance.gauss(0.6, 0.5)
    answers = [max(0, min(3, round(chance.gauss(mean, 0.7)))) for mean in [level] * 9 + [after] * 9]
    print("%d,%d,%s" % (person, 1 + person % 200, ",".join(map(str, answers))))
END

check cohorts report cohorts "$data/evaluation_wide.csv" --by cohort
check everyone report everyone "$data/evaluation_wide.csv"
check long report long "$data/evaluation_long.csv" --by cohort --missing-rule prorate --population positive
check one-occasion report one-occasion "$data/nhanes_2015_2016_phq9.csv"
check five report five five.csv --by arm
check one-person report one-person one.csv
check sites report sites sites.csv --by site
check families report families "$data/evaluation_wide.csv" --by cohort --statistics agreement,sensitivity,regression-to-mean

count=${OM_HOSTILE:-500}
"$python" "$here/hostile.py" "$count" 1 hostile.csv hostile.json
hostile() {
    report hostile hostile.csv --by site --max-groups "$count" && "$python" "$here/check.py" --groups hostile.json hostile.html
}
check hostile hostile

echo "1..$((passed + failed))"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
