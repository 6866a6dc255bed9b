#!/bin/bash
# A job of `omstat slurm` on a real Slurm: a cluster of this one machine, from Debian's slurmctld, slurmd and munge.
#
#   tests/slurm/run.sh BUILD
#
# The daemons are started by hand in a directory of their own, and ended. Of a panel in six shards one is killed in the
# middle; the job is submitted again, and only that shard is done anew. Where this cannot run, it says so.
set -u

build=$(cd "${1:?usage: tests/slurm/run.sh BUILD}" && pwd)
data=$(cd "$(dirname "$0")/../../data" && pwd)
skip() {
    echo "skipped tests/slurm/run.sh: $*"
    echo '0 passed, 0 failed'
    exit 0
}
PATH=$PATH:/usr/sbin:/sbin
for program in munged slurmctld slurmd sbatch shellcheck; do
    command -v "$program" > /dev/null || skip "there is no $program (tools/install-packages.sh nightly)"
done
[ "$(id -u)" = 0 ] || skip 'slurmd is for root'

room=$(mktemp -d /tmp/omstat-slurm-XXXXXX) || exit 70
chmod 755 "$room"
started=()
finish() {
    local pid
    for pid in "${started[@]}"; do kill "$pid" 2> /dev/null; done
    wait 2> /dev/null
    rm -rf "$room"
}
trap finish EXIT
trap 'exit 130' INT TERM
cd "$room" || exit 70

passed=0 failed=0
check() {
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok - $1"
    fi
}

# --- a cluster ------------------------------------------------------------------------------------------------

mkdir munge state spool
chmod 700 munge
head -c 1024 /dev/urandom > munge/key
chmod 600 munge/key
munged --foreground --force --key-file="$room/munge/key" --socket="$room/munge/socket" --pid-file="$room/munge/pid" \
    --log-file="$room/munge/log" --seed-file="$room/munge/seed" > munge.out 2>&1 &
started+=($!)

host=$(hostname -s)
cores=$(nproc)
cat > slurm.conf <<CONF
ClusterName=omstat
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$room/munge/socket
CredType=cred/munge
SlurmctldPort=26817
SlurmdPort=26818
StateSaveLocation=$room/state
SlurmdSpoolDir=$room/spool
SlurmctldPidFile=$room/slurmctld.pid
SlurmdPidFile=$room/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,batch_sched_delay=0,defer
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
MinJobAge=300
KillWait=1
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cores State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$room/slurm.conf
slurmctld -D -f slurm.conf > slurmctld.out 2>&1 &
started+=($!)
slurmd -D -f slurm.conf -N "$host" > slurmd.out 2>&1 &
started+=($!)

# until SECONDS COMMAND...
until_ok() {
    local left=$1
    shift
    while [ "$left" -gt 0 ]; do
        "$@" > /dev/null 2>&1 && return 0
        sleep 1
        left=$((left - 1))
    done
    return 1
}
is_up() { [ "$(sinfo -h -o %t)" = idle ]; }
until_ok 60 is_up || {
    tail -n 3 munge.out slurmctld.out slurmd.out
    skip 'the cluster did not come up here'
}

# --- a job ----------------------------------------------------------------------------------------------------

mkdir panels
sed 's/^\([0-9P]\)/A\1/' "$data/evaluation_wide.csv" > "panels/it's \$(touch hacked) \"a\"
b.csv"
sed 's/^\([0-9P]\)/B\1/' "$data/evaluation_wide.csv" > panels/-b.csv
# The fourth shard waits, until it is killed; and is quick when it is done again.
cat > slow-omstat <<SCRIPT
#!/bin/sh
case " \$* " in *" --shard 4/6 "*) [ -e "$room/quick" ] || { : > "$room/waiting"; sleep 300; } ;; esac
echo "\$*" >> "$room/calls"
exec "$build/omstat" "\$@"
SCRIPT
chmod +x slow-omstat
export OMSTAT=$room/slow-omstat OMSTAT_PAUSE=1
"$build/omstat" slurm --input 'panels/*.csv' --by cohort --nodes 2 --shards 6 --directory 'the tallies' > job.sh
check 'a job is printed' $?
shellcheck job.sh
check 'shellcheck has nothing to say' $?

is_idle() { [ -z "$(squeue -h)" ]; }
others_done() {
    local shard
    [ -e waiting ] || return 1
    for shard in 1 2 3 5 6; do [ -s "the tallies/shard-00000$shard.tally" ] || return 1; done
}
sbatch job.sh > submitted 2>&1
check "it is submitted: $(cat submitted)" $?
until_ok 120 others_done
check 'five of six shards are done' $?
scancel -u root # the whole job, with the shard in the middle and the sum behind it
until_ok 60 is_idle
[ ! -e 'the tallies/all.tally' ]
check 'there is no sum of a part' $?
stat -c '%n %y' 'the tallies'/shard-00000[12356].tally > before

: > quick
: > calls
sbatch job.sh > submitted 2>&1
until_ok 120 test -s 'the tallies/all.tally'
check 'submitted again, it comes to the sum' $?
until_ok 60 is_idle
[ "$(grep -c -e '--shard' calls)" = 1 ] && grep -q -e '--shard 4/6' calls
check "only the fourth shard is counted again: $(grep -e '--shard' calls)" $?
stat -c '%n %y' 'the tallies'/shard-00000[12356].tally > after
cmp before after
check 'the others are as they were' $?
"$build/omstat" report panels/*.csv --by cohort --format csv -q > whole.csv 2> /dev/null ||
    "$build/omstat" report --by cohort --format csv -q -- panels/*.csv > whole.csv
"$build/omstat" report 'the tallies/all.tally' --by cohort --format csv -q > sum.csv
cmp whole.csv sum.csv
check 'the report on the sum is that on the panel' $?

# A shard that fails twice and then does not: the rounds of the job mend it.
rm -rf 'the tallies' flaky
cat > slow-omstat <<SCRIPT
#!/bin/sh
case " \$* " in
*" --shard 2/6 "*) [ -e "$room/flaky" ] || { : > "$room/flaky"; kill -9 \$PPID; } ;;
esac
exec "$build/omstat" "\$@"
SCRIPT
sbatch job.sh > submitted 2>&1
until_ok 120 test -s 'the tallies/all.tally'
check 'a shard whose script is killed is done in the next round' $?
until_ok 60 is_idle

# A long panel: pairing files first, then parts of the persons, then the sum.
(umask 077 && echo 0123456789abcdef0123456789abcdef > key)
export OMSTAT=$build/omstat
"$build/omstat" slurm "$data/evaluation_long.csv" --by cohort --pairing-key key --nodes 2 --shards 3 --directory long > long.sh
shellcheck long.sh
check 'shellcheck has nothing to say about pairing either' $?
sbatch long.sh > submitted 2>&1
until_ok 120 test -s long/all.tally
check 'a long panel comes to a sum' $?
until_ok 60 is_idle
"$build/omstat" report long/all.tally --by cohort --format csv -q > sum.csv
"$build/omstat" report "$data/evaluation_long.csv" --by cohort --format csv -q | cmp - sum.csv
check 'and the report on it is that on the panel' $?
! ls long/*.pairs > /dev/null 2>&1
check 'the pairing files are gone' $?

[ ! -e hacked ] && [ ! -e panels/hacked ] && [ ! -e 'the tallies/hacked' ]
check 'no name of a file was run' $?

[ $failed = 0 ] || tail -n 5 slurmctld.out slurmd.out 'the tallies'/*.log
echo "$passed passed, $failed failed"
[ $failed = 0 ]
