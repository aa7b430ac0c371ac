#!/bin/sh
# Makes the virtual environment: a Python of at least 3.11, the locked requirements, the project itself.
# Usage: tools/setup.sh DIRECTORY. Safe to repeat; needs a package index that pip can reach.
set -eu
venv=$1

fresh_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python=
for candidate in ${PYTHON:-} python3.11 python3 python3.12 python3.13 python3.14; do
    if fresh_enough "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
    echo "No Python of at least 3.11 was found; install one (Debian 12: apt-get install python3) or set PYTHON." >&2
    exit 1
fi

# Debian ships the standard library without ensurepip; venv cannot work until python3-venv is there.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    else
        echo "Python's venv module is incomplete; as root: apt-get install python3-venv, then repeat." >&2
        exit 1
    fi
fi

[ -x "$venv/bin/pip" ] || "$python" -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
