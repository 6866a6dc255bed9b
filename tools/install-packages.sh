#!/bin/sh
# Installs what is missing of the groups named in tools/packages.txt, and says what it does.
#
# usage: tools/install-packages.sh GROUP...      (build, test, lint)
#
# Silent when nothing is missing. Otherwise it needs root, or sudo, and apt-get; without them it names what is
# missing and ends with 1.
set -eu

list=$(dirname "$0")/packages.txt

if [ $# -eq 0 ]; then
    echo "usage: $0 GROUP..." >&2
    exit 64
fi

wanted=
for group in "$@"; do
    found=$(awk -v group="$group" '$1 == group { print $2 }' "$list")
    if [ -z "$found" ]; then
        echo "$0: no group '$group' in $list" >&2
        exit 64
    fi
    wanted="$wanted $found"
done

if ! command -v dpkg-query > /dev/null; then
    {
        echo "This is no Debian system. Install the equivalents of:"
        printf '%s\n' "$wanted" | tr '\n' ' '
        echo
    } >&2
    exit 1
fi

# One query for all; packages it does not know are missing, and make it fail.
# shellcheck disable=SC2086
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2> /dev/null || true)
missing=
for package in $wanted; do
    case "
$installed
" in
    *"
installed $package
"*) ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

echo "These Debian packages are missing:" >&2
for package in $missing; do
    awk -v package="$package" '$2 == package { sub(/.*# /, ""); printf "  %-18s %s\n", package, $0; exit }' "$list" >&2
done
update="apt-get update"
install="apt-get install -y --no-install-recommends$missing"

if ! command -v apt-get > /dev/null; then
    echo "There is no apt-get here. Install them by other means and try again." >&2
    exit 1
fi

# As root directly; otherwise through sudo, which may ask for a password only on a terminal.
if [ "$(id -u)" -eq 0 ]; then
    root=
elif command -v sudo > /dev/null && { [ -t 0 ] || sudo -n true 2> /dev/null; }; then
    root=sudo
else
    echo "Installing them needs root. Run, as root:" >&2
    echo "  $update && $install" >&2
    exit 1
fi

run() {
    echo "+ ${root:+$root }$*" >&2
    # shellcheck disable=SC2086
    ${root:+$root} env DEBIAN_FRONTEND=noninteractive "$@" >&2
}

# shellcheck disable=SC2086
if ! { run $update && run $install; }; then
    echo "The installation failed. Run, as root:" >&2
    echo "  $update && $install" >&2
    exit 1
fi
