#!/bin/sh
# Runs the examples in the documents and compares what they show with what the program writes.
#
#   tests/docs/run.sh [--update] OMSTAT [DOCUMENT...]
#
# The work is done by examples.py; its beginning says what is an example.
exec python3 "$(dirname "$0")/examples.py" "$@"
