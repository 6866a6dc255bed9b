#!/bin/sh
# Writes the definitions named on the command line as a C table (engine/instrument/builtin.h) to stdout.
# The order is that of the evaluation, then the alphabet; each byte is a number, so no compiler limit on the
# length of a string applies and the result is the same everywhere.
set -eu
LC_ALL=C
export LC_ALL

order='phq9 gad7 pcl5 bipf phq2 phq8 gad2'

# The path given for an id, or nothing.
path_of() {
    id=$1
    shift
    for path; do
        if [ "$(basename "$path" .yaml)" = "$id" ]; then
            echo "$path"
        fi
    done
}

given=$(for path; do basename "$path" .yaml; done | sort)
ids=$(
    for id in $order; do echo "$given" | grep -x "$id" || :; done
    echo "$given" | grep -vxF "$(echo "$order" | tr ' ' '\n')" || :
)

echo '/* Written by tools/embed.sh from instruments/; edit those. */'
echo '#include "instrument/builtin.h"'
for id in $ids; do
    printf '\nstatic const char text_%s[] = {\n' "$id"
    # Bytes beyond ASCII as character constants: whether char is signed is the compiler's business.
    od -An -v -t u1 "$(path_of "$id" "$@")" | awk '{
        line = ""
        for (i = 1; i <= NF; i++)
            line = line ($i < 128 ? $i : sprintf("\047\\%03o\047", $i)) ","
        print line
    }'
    echo '0};'
done
printf '\nconst struct om_builtin om_builtin_table[] = {\n'
for id in $ids; do
    printf '    {"%s", text_%s, sizeof text_%s - 1},\n' "$id" "$id" "$id"
done
echo '};'
echo 'const size_t om_builtin_table_size = sizeof om_builtin_table / sizeof om_builtin_table[0];'
