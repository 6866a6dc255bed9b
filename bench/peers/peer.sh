#!/bin/sh
# Runs one peer with its best settings, or says its version.
#
# usage: peer.sh NAME FILE wide|long THREADS
#        peer.sh NAME --version      ends with 1 when it is not installed
#
# PEER_MODULES: the directory where the npm packages are.
set -eu
here=$(dirname "$0")
name=$1
: "${PEER_MODULES:=${BUILD:-build}/bench/peers}"
case $PEER_MODULES in
/*) ;;
*) PEER_MODULES=$PWD/$PEER_MODULES ;;
esac
export PEER_MODULES

# Debian's Python, which has Debian's pandas, or else the first in the path.
python=python3
[ ! -d /usr/lib/python3/dist-packages/pandas ] || python=/usr/bin/python3

module_version() {
    sed -n '/^ *"version": /{s/.*: "\(.*\)".*/\1/p;q}' "$PEER_MODULES/node_modules/$1/package.json"
}

version() {
    case $name in
    duckdb) node -e 'require(process.argv[1])' "$PEER_MODULES/node_modules/@duckdb/node-api" && module_version @duckdb/node-api ;;
    polars) node -e 'require(process.argv[1])' "$PEER_MODULES/node_modules/nodejs-polars" && module_version nodejs-polars ;;
    data.table) Rscript -e 'cat(format(packageVersion("data.table")))' ;;
    pandas) "$python" -c 'import pandas; print(pandas.__version__)' ;;
    pspp) pspp --version | sed -n '1s/.* //p' ;;
    *) return 64 ;;
    esac
}

if [ "$2" = --version ]; then
    text=$(version 2> /dev/null) && [ -n "$text" ] && echo "$text"
    exit
fi

case $name in
duckdb) exec node "$here/duckdb.mjs" "$2" "$3" "$4" ;;
polars) POLARS_MAX_THREADS=$4 exec node "$here/polars.mjs" "$2" "$3" ;;
data.table) exec Rscript "$here/data_table.R" "$2" "$3" "$4" ;;
pandas) exec "$python" "$here/pandas_job.py" "$2" "$3" ;;
pspp) exec "$here/pspp.sh" "$2" ;;
esac
