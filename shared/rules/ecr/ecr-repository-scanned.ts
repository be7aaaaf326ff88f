import type { RegistryScanning, Repository } from '../../inventory/ecr.ts'
import type { Fact } from '../../model/fact.ts'
import { compliant, noncompliant, undetermined, type Verdict } from '../../model/verdict.ts'
import { defineRule } from '../define-rule.ts'
import { assumptionsOf, missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'
import { anyFilterMatches } from '../repository-filter.ts'

const scansWithoutAsking = new Set(['SCAN_ON_PUSH', 'CONTINUOUS_SCAN'])

/** Scan on push by the repository's own flag or by a rule of its registry. */
export const rule = defineRule({
  id: 'ecr-repository-scanned',
  area: 'ecr',
  title: 'Images are scanned for vulnerabilities when they are pushed',
  severity: 'MEDIUM',
  why: 'An image nobody scans carries known vulnerabilities into production unnoticed.',
  fix: 'Add a registry scanning rule (scan on push or continuous) whose filter matches the repository.',
  notes: [
    'A registry scanning rule counts when one of its filters matches the repository name and its frequency is SCAN_ON_PUSH or CONTINUOUS_SCAN; MANUAL does not count.',
    'With enhanced scanning the registry rules alone decide: a repository outside every filter is not scanned, whatever its own flag says.',
    'When the registry configuration is unknown, the repository flag alone can prove that images are scanned; without it the verdict is undetermined.',
  ],
  judges: 'AWS::ECR::Repository',
  reads: ['AWS::ECR::RegistryScanningConfiguration'],
  triggers: {
    change: true,
    scheduled: true,
    calls: ['ecr:CreateRepository', 'ecr:PutImageScanningConfiguration', 'ecr:PutRegistryScanningConfiguration'],
  },
  frameworks: { 'aws-fsbp': ['ECR.1'] },
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html',
  parameters: noParameters,
  evaluate: (repository, { inventory }) => {
    const { scanning } = inventory.registryOf(repository.ref)
    switch (scanning.state) {
      case 'unknown':
        return byFlagAlone(repository, scanning)
      case 'absent':
        return byFlag(repository, 'the registry has no scanning rules', scanning.assumptions)
      case 'known':
        return byRules(repository, scanning.value, scanning.assumptions)
    }
  },
})

function byFlagAlone({ scanOnPush }: Repository, scanning: Extract<Fact<unknown>, { state: 'unknown' }>): Verdict {
  if (scanOnPush.state !== 'known' || !scanOnPush.value) {
    return undetermined(missing('registry scanning configuration', scanning))
  }
  const assumption = 'assumes the registry uses basic scanning: enhanced scanning ignores the flag of the repository'
  return compliant('The repository has scan on push switched on.', {
    assumptions: [...scanOnPush.assumptions, assumption],
  })
}

function byRules(repository: Repository, scanning: RegistryScanning, assumptions: readonly string[]): Verdict {
  const frequent = scanning.rules.filter(({ frequency }) => scansWithoutAsking.has(frequency))
  const answers = frequent.map(({ filters }) => anyFilterMatches(filters, repository.name))
  const matching = frequent[answers.indexOf(true)]
  if (matching !== undefined) {
    return compliant(`A ${scanning.scanType} scanning rule of the registry (${matching.frequency}) matches the name.`, {
      assumptions,
    })
  }
  if (scanning.scanType !== 'ENHANCED') {
    const known = byFlag(repository, 'no scanning rule of the registry matches its name', assumptions)
    if (known.kind === 'compliant' || !answers.includes(undefined)) return known
  }
  if (answers.includes(undefined)) {
    return undetermined({ reason: 'a scanning filter of a type this version does not know', transience: 'lasting' })
  }
  return noncompliant(
    'Images are not scanned: the registry uses enhanced scanning and none of its push or continuous rules matches the name, so the flag of the repository has no effect.',
    { assumptions, evidence: [{ source: 'registry scanning configuration', detail: describeRules(scanning) }] },
  )
}

function byFlag({ name, scanOnPush }: Repository, becauseOf: string, assumptions: readonly string[]): Verdict {
  if (scanOnPush.state === 'unknown') return undetermined(missing('scan on push of the repository', scanOnPush))
  const proof = { assumptions: [...assumptions, ...assumptionsOf(scanOnPush)] }
  if (scanOnPush.state === 'known' && scanOnPush.value) {
    return compliant('The repository has scan on push switched on.', proof)
  }
  return noncompliant(`Images are not scanned: scan on push is off and ${becauseOf}.`, {
    ...proof,
    evidence: [{ source: 'repository scanning configuration', detail: 'scanOnPush is off' }],
    remediation: `Add a registry scanning rule with frequency SCAN_ON_PUSH whose filter matches ${name}.`,
  })
}

function describeRules({ rules }: RegistryScanning): string {
  const shown = rules.slice(0, 5).map(({ frequency, filters }) => {
    return `${frequency} for ${filters.map(({ filter }) => filter).join(', ') || 'nothing'}`
  })
  return shown.join('; ') || 'no rules'
}
