#!/usr/bin/env bash
# Holds every synthesised template against the CloudFormation specification of three partitions, and prints how big it is.
# Run after `npm run synth`. Installs cfn-lint when it is not there.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -x .venv/cfn-lint/bin/cfn-lint ]; then
  python3 -m venv .venv/cfn-lint
  .venv/cfn-lint/bin/pip install --quiet 'cfn-lint>=1.58,<2'
fi
templates=(cdk.out/*.template.json)
[ -e "${templates[0]}" ] || { echo 'cdk.out has no templates: run npm run synth first' >&2; exit 2; }
for template in "${templates[@]}"; do
  printf '%s: %s of 1048576 bytes\n' "${template#cdk.out/}" "$(wc -c <"$template")"
done
status=0
for region in us-east-1 cn-north-1 us-gov-west-1; do
  if .venv/cfn-lint/bin/cfn-lint --non-zero-exit-code informational --regions "$region" --template "${templates[@]}"; then
    echo "cfn-lint for $region: nothing found"
  else
    status=1
  fi
done
exit "$status"
