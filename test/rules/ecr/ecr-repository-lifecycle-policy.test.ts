import type { JsonObject } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/ecr/ecr-repository-lifecycle-policy.ts'
import { repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

function lifecycle(selection: JsonObject, action: JsonObject = { type: 'expire' }) {
  return repository({ lifecycle: { rules: [{ rulePriority: 1, selection, action }] } })
}
const untagged = { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 }

ruleCases(rule, {
  'a rule that expires untagged images is enough': [lifecycle(untagged), 'compliant', 'Rule 1'],
  'a repository without a lifecycle policy keeps images for ever': [
    repository(),
    'noncompliant',
    'no lifecycle policy',
  ],
  'a policy without rules expires nothing': [repository({ lifecycle: { rules: [] } }), 'noncompliant'],
  'a policy that only archives expires nothing': [
    lifecycle(untagged, { type: 'transition', targetStorageClass: 'archive' }),
    'noncompliant',
    { shows: 'its action is not expire' },
  ],
  'tagged images without a prefix or pattern select nothing': [
    lifecycle({ ...untagged, tagStatus: 'tagged', tagPrefixList: [] }),
    'noncompliant',
    { shows: 'lists no tag prefix' },
  ],
  'tagged images with a pattern can expire': [
    lifecycle({ ...untagged, tagStatus: 'tagged', tagPatternList: ['pr-*'] }),
    'compliant',
  ],
  'a count of zero never matches anything': [lifecycle({ ...untagged, countNumber: 0 }), 'noncompliant'],
  'a policy that cannot be parsed leaves the verdict open': [repository({ lifecycle: '{"rules":' }), 'undetermined'],
  'a document without rules leaves the verdict open': [repository({ lifecycle: '{"a":1}' }), 'undetermined'],
})
