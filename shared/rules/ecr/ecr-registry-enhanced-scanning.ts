import { compliant, noncompliant, undetermined } from '../../model/verdict.ts'
import { defineRule } from '../define-rule.ts'
import { missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'

const source = 'registry scanning configuration'

/** Enhanced scanning (Amazon Inspector) of the registry of one account and region. */
export const rule = defineRule({
  id: 'ecr-registry-enhanced-scanning',
  area: 'ecr',
  title: 'The registry uses enhanced scanning',
  severity: 'LOW',
  why: 'Basic scanning looks at operating system packages when an image is pushed; enhanced scanning also finds vulnerable libraries, and new vulnerabilities in old images.',
  fix: 'Set the scan type of the registry to ENHANCED (Amazon Inspector charges for every image).',
  notes: ['Judges the scan type only; which repositories are scanned is the question of ecr-repository-scanned.'],
  judges: 'AWS::::Account',
  reads: ['AWS::ECR::RegistryScanningConfiguration'],
  triggers: { change: false, scheduled: true, calls: ['ecr:PutRegistryScanningConfiguration'] },
  frameworks: {},
  defaultEnabled: false,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced.html',
  parameters: noParameters,
  evaluate: ({ scanning }) => {
    if (scanning.state === 'unknown') return undetermined(missing(source, scanning))
    const { assumptions } = scanning
    // A registry nobody configured scans with BASIC.
    const scanType = scanning.state === 'known' ? scanning.value.scanType : 'BASIC'
    const proof = { assumptions, evidence: [{ source, detail: `scan type ${scanType}` }] }
    if (scanType === 'ENHANCED') return compliant('The registry uses enhanced scanning.', proof)
    if (scanType === 'BASIC') return noncompliant('The registry uses basic scanning.', proof)
    return undetermined({ reason: `${source}: a scan type this version does not know`, transience: 'lasting' })
  },
})
