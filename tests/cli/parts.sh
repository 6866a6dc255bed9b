# shellcheck shell=sh
# The evaluation in parts, each with its tally; read with `. tests/parts.sh`.

# parts N [OPTION...]: part-1.csv, part-1.tally ... of N.
parts() {
    n=$1
    shift
    for i in $(seq "$n"); do
        awk -v n="$n" -v i="$i" 'NR == 1 || NR % n == i - 1' data/evaluation_wide.csv >"part-$i.csv"
        "$OMSTAT" tally "part-$i.csv" -q --by cohort -o "part-$i.tally" "$@" || return 1
    done
}
