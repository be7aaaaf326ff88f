#!/usr/bin/env bash
# Mutation testing of folders of shared/: bash scripts/mutation.sh sinks iam/trust. Installs Stryker into bench/mutation when it is not there.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -d bench/mutation/node_modules ] || npm install --prefix bench/mutation --ignore-scripts --no-audit --no-fund --no-package-lock
# The project's own Node comes first, as in the npm scripts.
export PATH="$PWD/node_modules/.bin:$PATH"
status=0
for folder in "${@:-sinks}"; do
  MUTATED="$folder" node bench/mutation/node_modules/@stryker-mutator/core/bin/stryker.js run bench/mutation/stryker.config.mjs || status=$?
done
exit "$status"
