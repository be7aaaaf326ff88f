#!/usr/bin/env bash
# Runs the built functions in MiniStack, as Lambda runs them: installs it into .venv/ministack when it is not there.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -x .venv/ministack/bin/ministack ]; then
  python3 -m venv .venv/ministack
  .venv/ministack/bin/pip install --quiet 'ministack>=1.5.33,<2'
fi
export MINISTACK="$PWD/.venv/ministack/bin/ministack"
# The project's own Node comes first, as in the npm scripts; MiniStack runs functions with the same one.
export PATH="$PWD/node_modules/.bin:$PATH"
exec vitest run --config vitest.ministack.config.ts "$@"
