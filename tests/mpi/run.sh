#!/bin/sh
# omstat-mpi writes what omstat writes, to the byte, with any number of processes; and fails as it does.
#
#   tests/mpi/run.sh BUILD
#
# MPI_RANKS: numbers of processes, by default "1 2 3 4 7".
set -u

build=$(cd "${1:?usage: tests/mpi/run.sh BUILD}" && pwd)
data=$(cd "$(dirname "$0")/../../data" && pwd)
ranks=${MPI_RANKS:-1 2 3 4 7}
room=$(mktemp -d) || exit 70
trap 'rm -rf "$room"' EXIT
trap 'exit 130' INT TERM
cd "$room" || exit 70
# More processes than processors, as root in a container, and without a word of its own about exit codes.
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_btl_vader_single_copy_mechanism=none OMPI_MCA_hwloc_base_binding_policy=none
omstat=$build/omstat

passed=0 failed=0
check() {
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok - $1"
    fi
}

together() {
    n=$1
    shift
    timeout 120 mpirun -q -n "$n" "$build/omstat-mpi" "$@"
}

# The body in an order that is not that of the ids, the same everywhere.
shuffle() {
    head -n 1 "$1"
    tail -n +2 "$1" | awk '{ print (NR * 7919) % 10007 "\t" $0 }' | sort -n | cut -f 2-
}
shuffle "$data/evaluation_wide.csv" > 'wide shuffled.csv'
shuffle "$data/evaluation_long.csv" > long_shuffled.csv
(head -n 40 long_shuffled.csv && printf 'P1,"a\nb\n') > odd.csv # a quote that never closes
gzip -c long_shuffled.csv > long.csv.gz
# Five occasions, persons at some of them, and totals that only some processes see.
awk 'BEGIN {
    print "id,arm,wave,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9,bdi"
    for (i = 0; i < 150; i++)
        for (w = 1; w <= 5; w++)
            if ((i * 7 + w * 5) % 11 != 0) {
                printf "p%d,%s,w%d", i, (i % 13 ? i % 3 : ""), w
                for (k = 0; k < 9; k++) printf ",%d", (i * (w + k) + k * k + 4 - w) % 4
                print "," i % 40 + (w % 4) / 4
            }
}' > waves.csv
shuffle waves.csv > waves_shuffled.csv

same() {
    what=$1 form=$2
    shift 2
    "$omstat" "$@" -o "one.$form" 2> one.err
    code=$?
    for n in $ranks; do
        rm -f "many.$form"
        together "$n" "$@" -o "many.$form" 2> many.err
        many=$?
        [ $many = $code ] && { [ ! -e "one.$form" ] || cmp "one.$form" "many.$form"; } &&
            { [ "$n" = 1 ] || [ $code = 0 ] || cmp one.err many.err; }
        check "$what, $n processes: exit code $many, not $code, or other bytes" $?
    done
    rm -f "one.$form"
}

same 'wide, in order' csv report "$data/evaluation_wide.csv" --by cohort
same 'wide, shuffled' json report 'wide shuffled.csv' --by cohort
same 'long, in order' md report "$data/evaluation_long.csv" --by cohort
same 'long, shuffled, with a limit' json report long_shuffled.csv --by cohort --memory 1M --rule all
same 'two files, one of them compressed' csv report long.csv.gz "$data/evaluation_long.csv" --duplicates first
same 'followed, in order' html report waves.csv --by arm --statistics waves,friedman,survival,sudden-gains,mixed
same 'followed, shuffled, totals' json report waves_shuffled.csv --by arm --scale bdi:bdi --statistics all
same 'a tally' tally tally long_shuffled.csv --by cohort
ranks=${MPI_RANKS:-1 3}
same 'followed, withheld' md report waves_shuffled.csv --by arm --statistics mixed,survival --shareable
same 'irregular' csv report odd.csv --duplicates last
same 'no such file' csv report nothing.csv
same 'duplicates' csv report "$data/evaluation_long.csv" long_shuffled.csv
same 'no such column' csv report long_shuffled.csv --by nothing

# One of them fails alone, in the middle: all end, with its words and its code, and nothing is written.
cat > fails.sh <<SCRIPT
#!/bin/sh
[ "\${OMPI_COMM_WORLD_RANK:-0}" != 2 ] || set -- "\$@" --by nothing
exec "$build/omstat-mpi" "\$@"
SCRIPT
chmod +x fails.sh
timeout 60 mpirun -q -n 4 ./fails.sh report long_shuffled.csv -o failed.csv 2> err
code=$?
[ $code = 64 ] && [ ! -e failed.csv ] && [ "$(grep -c '^omstat: ' err)" = 1 ] && grep -q nothing err
check "one of four fails: exit code $code" $?

echo "$passed passed, $failed failed"
[ $failed = 0 ]
