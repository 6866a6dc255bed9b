#!/bin/sh
# Writes a file of ASCII text as a C string to stdout: embed-text.sh HEADER NAME FILE defines NAME and NAME_length,
# which HEADER declares. Comments of the form /* ... */ that begin a line, and the blanks at its start, are left out.
set -eu
LC_ALL=C
export LC_ALL

header=$1 name=$2 file=$3
printf '/* Written by tools/embed-text.sh from %s; edit that. */\n#include "%s"\n\nconst char %s[] =\n' \
    "$file" "$header" "$name"
sed -e 's/^[[:space:]]*//' -e '/^\/\*.*\*\/$/d' -e '/^\/\*/,/\*\/$/d' -e '/^$/d' -e 's/["\\]/\\&/g' -e 's/.*/    "&\\n"/' "$file"
printf ';\nconst size_t %s_length = sizeof %s - 1;\n' "$name" "$name"
