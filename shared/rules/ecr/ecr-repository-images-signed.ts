import { clip } from '../../model/quote.ts'
import { compliant, noncompliant, undetermined } from '../../model/verdict.ts'
import { defineRule } from '../define-rule.ts'
import { missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'
import { anyFilterMatches } from '../repository-filter.ts'

/** Managed signing of pushed images. */
export const rule = defineRule({
  id: 'ecr-repository-images-signed',
  area: 'ecr',
  title: 'Images are signed when they are pushed',
  severity: 'LOW',
  why: 'Without a signature nobody can tell an image your pipeline built from one somebody else pushed.',
  fix: 'Add a rule to the signing configuration of the registry whose filter matches the repository.',
  notes: ['Signatures made outside the signing configuration of ECR (cosign, notation in a pipeline) are not seen.'],
  judges: 'AWS::ECR::Repository',
  reads: ['AWS::ECR::SigningConfiguration'],
  triggers: {
    change: true,
    scheduled: true,
    calls: ['ecr:CreateRepository', 'ecr:PutSigningConfiguration', 'ecr:DeleteSigningConfiguration'],
  },
  frameworks: {},
  defaultEnabled: false,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html',
  parameters: noParameters,
  evaluate: ({ ref, name }, { inventory }) => {
    const { signing } = inventory.registryOf(ref)
    if (signing.state === 'unknown') return undetermined(missing('registry signing configuration', signing))
    const { assumptions } = signing
    const rules = signing.state === 'known' ? signing.value : []
    const answers = rules.map(({ filters }) => filters.length === 0 || anyFilterMatches(filters, name))
    const matching = rules[answers.indexOf(true)]
    if (matching !== undefined) {
      return compliant(`Pushed images are signed with ${clip(matching.profileArn)}.`, { assumptions })
    }
    if (answers.includes(undefined)) {
      return undetermined({ reason: 'a signing filter of a type this version does not know', transience: 'lasting' })
    }
    const why =
      rules.length === 0 ? 'the registry has no signing rules' : 'no signing rule of the registry matches the name'
    return noncompliant(`Images are not signed on push: ${why}.`, {
      assumptions,
      evidence: [{ source: 'registry signing configuration', detail: `${rules.length} rules, none for ${clip(name)}` }],
    })
  },
})
