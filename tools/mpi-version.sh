#!/bin/sh
# Writes a line for `omstat --version` as C to stdout: mpi-version.sh yes|no MPICC says whether omstat-mpi is built, and
# with which MPI, by what the macros of its mpi.h say.
set -eu
LC_ALL=C
export LC_ALL

text='left out (WITH_MPI=no)'
if [ "$1" = yes ]; then
    text=$("$2" -E -dM -include mpi.h -x c /dev/null 2> /dev/null | awk '
        $2 == "OMPI_MAJOR_VERSION" { major = $3 }
        $2 == "OMPI_MINOR_VERSION" { minor = $3 }
        $2 == "OMPI_RELEASE_VERSION" { release = $3 }
        $2 == "MPICH_VERSION" { gsub(/"/, "", $3); mpich = $3 }
        END {
            if (major != "") print "Open MPI " major "." minor "." release ", in omstat-mpi"
            else if (mpich != "") print "MPICH " mpich ", in omstat-mpi"
            else print "in omstat-mpi"
        }')
fi
printf '/* Written by tools/mpi-version.sh. */\nextern const char om_mpi_text[];\nconst char om_mpi_text[] = "%s";\n' "$text"
