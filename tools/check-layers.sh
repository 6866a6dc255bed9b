#!/bin/sh
# Checks every #include in engine/ against docs/layers.txt. Prints what is not allowed and fails if anything is.
set -eu
cd "$(dirname "$0")/.."

find engine -name '*.[ch]' | LC_ALL=C sort | xargs grep -Hn '^[[:space:]]*#[[:space:]]*include' | LC_ALL=C awk '
function complain(text) { print text; bad++ }

# --- docs/layers.txt
FILENAME != "-" {
    if ($0 ~ /^(#|$)/) next
    if ($1 == "layer") {
        known[$2] = 1
        for (i = 3; i <= NF; i++) {
            if (!($i in known) || $i == $2)
                complain("docs/layers.txt:" FNR ": layer " $2 " may not use " $i ", which does not stand above it")
            may[$2, $i] = 1
        }
    } else if ($1 == "public") {
        contract[$2] = $3
    } else if ($1 == "library") {
        home[$2] = $3
    } else {
        complain("docs/layers.txt:" FNR ": not understood")
    }
    next
}

# --- file:line:#include ...
{
    n = split($0, part, ":")
    place = part[1] ":" part[2]
    split(part[1], folder, "/")
    layer = folder[2]
    match($0, /[<"][^>"]*[>"]/)
    quoted = substr($0, RSTART, 1) == "\""
    header = substr($0, RSTART + 1, RLENGTH - 2)
    used = header
    sub(/\/.*/, "", used)
    checked++

    if (!(layer in known)) {
        complain(place ": engine/" layer " is no layer of docs/layers.txt")
    } else if (!quoted && header ~ /^omstat\//) {
        sub(/^omstat\//, "", header)
        if (layer == "cli" || header == "omstat.h") {
            if (layer != "cli") complain(place ": include the public header that is meant, not omstat.h")
        } else if (!(header in contract)) {
            complain(place ": docs/layers.txt does not say whose contract omstat/" header " is")
        } else if (contract[header] != layer && !((layer, contract[header]) in may)) {
            complain(place ": " layer " may not use " contract[header] " (omstat/" header ")")
        }
    } else if (quoted && layer == "cli") {
        if (header ~ /\//) complain(place ": the program may use public headers only, not " header)
    } else if (quoted) {
        if (header !~ /\//) complain(place ": write \"" layer "/" header "\"")
        else if (used != layer && !((layer, used) in may)) complain(place ": " layer " may not use " used)
    } else {
        for (library in home) {
            if (header != library && !(library ~ /\/$/ && index(header, library) == 1)) continue
            if (layer != home[library])
                complain(place ": " header " belongs in engine/" home[library])
            if (!((library, part[1]) in seen)) {
                seen[library, part[1]] = 1
                if (++files[library] == 3) complain(place ": a third file that names " library)
            }
        }
    }
}
END {
    if (!checked) complain("there is nothing to check")
    printf "%d includes checked, %d not allowed\n", checked, bad
    exit bad > 0
}' docs/layers.txt -
