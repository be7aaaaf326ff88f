import { expect, it } from 'vitest'
import { auditInventory } from '../../../shared/engine/audit.ts'
import { organizationOf } from '../../../shared/engine/organization.ts'
import type { JsonObject, JsonValue } from '../../../shared/model/json.ts'
import { defaultSettings } from '../../../shared/model/settings.ts'
import { rule } from '../../../shared/rules/ecr/ecr-repository-not-public.ts'
import { allowPull, inventoryOf, policy, repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

const marked = allowPull('*', { Condition: { StringEquals: { 'aws:ResourceTag/public': 'yes' } } })
const unmarked: JsonObject = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'ecr:*',
  Condition: { StringNotEquals: { 'ecr:ResourceTag/public': 'yes' } },
}
const tagged = (Tags: JsonValue, ...statements: readonly JsonObject[]) =>
  repository({ policy: policy(...statements), configuration: { Tags } })
const yes = [{ Key: 'public', Value: 'yes' }]

// With the tags unknown each of these is undetermined.
ruleCases(rule, {
  'a repository with the tag that opens it is public': [tagged(yes, marked), 'noncompliant', 'any AWS account'],
  'a repository without the tag that would open it is not public': [tagged([], marked), 'compliant'],
  'a repository with another value of that tag is not public': [
    tagged([{ Key: 'public', Value: 'no' }], marked),
    'compliant',
  ],
  'a Deny for repositories without a tag spares one that has it': [
    tagged(yes, allowPull('*'), unmarked),
    'noncompliant',
  ],
  'a Deny for repositories without a tag closes one that has none': [tagged([], allowPull('*'), unmarked), 'compliant'],
  'tags that are of no known form leave open what they decide': [
    tagged(['public=yes'], marked),
    'undetermined',
    'tags: the tags of arn:aws:ecr:',
  ],
  'tags that are of no known form do not matter to a policy that looks at none': [
    tagged(['public=yes'], allowPull('*')),
    'noncompliant',
  ],
})

it('repositories that share their policy and not their tags are judged each by its own', () => {
  const of = (name: string, Tags: JsonValue) => repository({ name, policy: policy(marked), configuration: { Tags } })
  const inventory = inventoryOf([of('closed', []), of('open', yes), of('unread', ['public=yes']), of('other', [])])
  const organization = organizationOf(inventory, defaultSettings)
  const findings = auditInventory({ inventory, rules: [rule], settings: defaultSettings, organization })
  expect(findings.map(({ resource, compliance }) => [resource.id, compliance]).sort()).toEqual([
    ['closed', 'COMPLIANT'],
    ['open', 'NON_COMPLIANT'],
    ['other', 'COMPLIANT'],
    ['unread', 'UNDETERMINED'],
  ])
})
