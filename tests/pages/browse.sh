#!/bin/sh
# Makes the reports of run.sh and shows them to Chromium, axe-core and the Nu HTML checker; 10,000 hostile names too.
#
#   tests/pages/browse.sh OMSTAT DIRECTORY
#
# Pictures and PDFs are left in DIRECTORY/seen, to be looked at. The npm packages of package.json go to DIRECTORY.
set -eu

OMSTAT=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2/seen"
room=$(cd "$2" && pwd)

for program in chromium node npm java; do
    command -v "$program" > /dev/null ||
        { echo "$0: there is no $program; tools/packages.txt, group nightly, lists what is needed" >&2; exit 69; }
done
OM_HOSTILE=10000 "$here/run.sh" "$OMSTAT" "$room"

cd "$room"
cp "$here/package.json" "$here/browser.mjs" .
[ -d node_modules/axe-core ] || npm install --no-audit --no-fund --ignore-scripts > npm.log 2>&1 || { cat npm.log; exit 1; }
reports=
for report in ./*.html; do
    [ "$report" = ./hostile.html ] || reports="$reports $report"
done
# shellcheck disable=SC2086
java -jar node_modules/vnu-jar/build/dist/vnu.jar --errors-only $reports && echo "vnu: nothing wrong"
# shellcheck disable=SC2086
node browser.mjs seen $reports
node browser.mjs seen --groups hostile.json hostile.html
