#!/usr/bin/env bash
# Runs the tests against moto: installs it into .venv/moto when it is not there.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -x .venv/moto/bin/moto_server ]; then
  python3 -m venv .venv/moto
  .venv/moto/bin/pip install --quiet 'moto[server]>=5.2.1'
fi
export MOTO_SERVER="$PWD/.venv/moto/bin/moto_server"
# The project's own Node comes first, as in the npm scripts.
export PATH="$PWD/node_modules/.bin:$PATH"
exec vitest run --config vitest.moto.config.ts "$@"
