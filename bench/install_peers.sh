#!/bin/sh
# Installs the other programs that `make bench` measures, as far as they can be had: DuckDB and Polars from
# npm into a directory of their own, data.table, pandas and PSPP from Debian (which needs root, or sudo).
# What cannot be had is said, and is left out of the measurement.
#
# usage: bench/install_peers.sh DIRECTORY
set -u
here=$(dirname "$0")
directory=$1
polars=0.26.1
duckdb=1.5.6-r.1

mkdir -p "$directory"

# Polars names the package with its library only by the platform.
case $(uname -m) in
aarch64) platform=linux-arm64-gnu ;;
*) platform=linux-x64-gnu ;;
esac

if ! command -v npm > /dev/null; then
    echo 'npm is not installed: no DuckDB, no Polars' >&2
elif ! npm install --no-audit --no-fund --silent --prefix "$directory" \
    "@duckdb/node-api@$duckdb" "nodejs-polars@$polars" "nodejs-polars-$platform@$polars"; then
    echo 'npm could not install DuckDB and Polars' >&2
fi

"$here/../tools/install-packages.sh" peers || echo 'not all Debian packages of the group peers are installed' >&2

echo 'installed for make bench:'
for name in duckdb polars data.table pandas pspp; do
    version=$(PEER_MODULES=$directory "$here/peers/peer.sh" "$name" --version) || version='not installed'
    printf '  %-12s %s\n' "$name" "$version"
done
