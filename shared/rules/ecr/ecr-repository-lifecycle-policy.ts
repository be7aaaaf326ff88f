import { isJsonObject, type JsonObject, own, ownList, ownObject } from '../../model/json.ts'
import type { PolicySource } from '../../model/policy-source.ts'
import type { Evidence } from '../../model/verdict.ts'
import { compliant, noncompliant, undetermined } from '../../model/verdict.ts'
import { defineRule } from '../define-rule.ts'
import { missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'

const countTypes = new Set(['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned'])
const tagStatuses = new Set(['tagged', 'untagged', 'any'])
const fix = 'Put a lifecycle policy with a rule that expires untagged or old images.'

/** Whether old images ever go away. */
export const rule = defineRule({
  id: 'ecr-repository-lifecycle-policy',
  area: 'ecr',
  title: 'Old images are expired by a lifecycle policy',
  severity: 'LOW',
  why: 'Images that are never removed cost storage for ever, and vulnerable old ones stay pullable.',
  fix,
  notes: [
    'The rules are read: one of them must have the action expire and a selection that can match an image.',
    'A rule that only archives images expires nothing. A rule whose images are all taken by rules of higher priority is not detected.',
  ],
  judges: 'AWS::ECR::Repository',
  reads: [],
  triggers: {
    change: true,
    scheduled: true,
    calls: ['ecr:CreateRepository', 'ecr:PutLifecyclePolicy', 'ecr:DeleteLifecyclePolicy'],
  },
  frameworks: { 'aws-fsbp': ['ECR.3'] },
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html',
  parameters: noParameters,
  evaluate: ({ lifecyclePolicy }) => {
    if (lifecyclePolicy.state === 'unknown') return undetermined(missing('lifecycle policy', lifecyclePolicy))
    const { assumptions } = lifecyclePolicy
    if (lifecyclePolicy.state === 'absent') {
      return noncompliant('The repository has no lifecycle policy: images are kept for ever.', { assumptions })
    }
    const rules = rulesOf(lifecyclePolicy.value)
    if (rules === undefined)
      return undetermined({ reason: 'lifecycle policy: no list of rules', transience: 'lasting' })
    const hindrances = rules.map(whyItNeverExpires)
    const position = hindrances.indexOf(undefined) + 1
    return position > 0
      ? compliant(`Rule ${position} of the lifecycle policy expires images.`, { assumptions })
      : noncompliant('The lifecycle policy can never expire an image.', {
          assumptions,
          evidence: evidenceOf(hindrances),
          remediation: fix,
        })
  },
})

function rulesOf({ json }: PolicySource): readonly JsonObject[] | undefined {
  if (!isJsonObject(json) || !Object.hasOwn(json, 'rules')) return undefined
  const rules = ownList(json, 'rules').filter(isJsonObject)
  return rules.length === ownList(json, 'rules').length ? rules : undefined
}

/** What keeps a lifecycle rule from ever expiring an image; undefined when nothing does. */
function whyItNeverExpires(lifecycleRule: JsonObject): string | undefined {
  const action = own(ownObject(lifecycleRule, 'action') ?? {}, 'type')
  if (action !== 'expire') return 'its action is not expire'
  const selection = ownObject(lifecycleRule, 'selection')
  if (selection === undefined) return 'it selects nothing'
  const tagStatus = own(selection, 'tagStatus')
  if (typeof tagStatus !== 'string' || !tagStatuses.has(tagStatus))
    return 'its tagStatus is none of tagged, untagged, any'
  if (tagStatus === 'tagged' && !namesTags(selection))
    return 'it selects tagged images but lists no tag prefix or pattern'
  const countType = own(selection, 'countType')
  if (typeof countType !== 'string' || !countTypes.has(countType)) return 'its countType is unknown to ECR'
  const countNumber = own(selection, 'countNumber')
  return typeof countNumber === 'number' && countNumber > 0 ? undefined : 'its countNumber is not a positive number'
}

function namesTags(selection: JsonObject): boolean {
  const patterns = [...ownList(selection, 'tagPrefixList'), ...ownList(selection, 'tagPatternList')]
  return patterns.some((pattern) => typeof pattern === 'string' && pattern !== '')
}

function evidenceOf(hindrances: readonly (string | undefined)[]): Evidence[] {
  const evidence = hindrances.slice(0, 10).map((hindrance, index) => ({
    source: `lifecycle policy, rule ${index + 1}`,
    detail: hindrance ?? '',
  }))
  return evidence.length > 0 ? evidence : [{ source: 'lifecycle policy', detail: 'it has no rules' }]
}
