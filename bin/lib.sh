# Shared by the commands: find Python, make everything ready, leave $ROOT and $PYTHON behind. POSIX sh, to be sourced.
set -eu
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
export PYTHONPATH="$ROOT/bin${PYTHONPATH:+:$PYTHONPATH}" PYTHONUNBUFFERED=1

found=
for candidate in "${PORTAL_PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        found=$candidate
        break
    fi
done
if [ -z "$found" ]; then
    echo "Install Python 3.11 or newer (on Debian: apt install python3 python3-venv), then start again." >&2
    exit 1
fi

"$found" "$ROOT/bin/commands/machine.py"
PYTHON="${PORTAL_VENV:-$ROOT/.venv}/bin/python"
cd "$ROOT"
