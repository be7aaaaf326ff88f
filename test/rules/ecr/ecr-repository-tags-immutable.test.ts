import type { JsonObject } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/ecr/ecr-repository-tags-immutable.ts'
import { repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

function tags(setting: string, ...filters: readonly string[]) {
  const exclusions: readonly JsonObject[] = filters.map((value) => ({
    ImageTagMutabilityExclusionFilterType: 'WILDCARD',
    ImageTagMutabilityExclusionFilterValue: value,
  }))
  const configuration = { ImageTagMutability: setting, ImageTagMutabilityExclusionFilters: exclusions }
  return repository({ configuration })
}

ruleCases(rule, {
  'immutable tags are as they should be': [tags('IMMUTABLE'), 'compliant'],
  'mutable tags can be overwritten': [tags('MUTABLE'), 'noncompliant', 'Every tag can be overwritten'],
  'immutable tags may except latest': [tags('IMMUTABLE_WITH_EXCLUSION', 'latest'), 'compliant'],
  'immutable tags may except development tags': [tags('IMMUTABLE_WITH_EXCLUSION', 'dev-*'), 'compliant'],
  'an exception of everything leaves releases mutable': [
    tags('IMMUTABLE_WITH_EXCLUSION', 'latest', '*'),
    'noncompliant',
    '*',
  ],
  'an exception of release tags is reported by its filter': [
    tags('IMMUTABLE_WITH_EXCLUSION', 'release-*'),
    'noncompliant',
    { says: 'release-*', shows: 'IMMUTABLE_WITH_EXCLUSION, filters release-*' },
  ],
  'the parameter allows further moving tags, as text too': [
    tags('IMMUTABLE_WITH_EXCLUSION', 'team-a-*'),
    'compliant',
    { parameters: { allowedMutableTags: 'latest, team-*' } },
  ],
  'the parameter replaces the default list': [
    tags('IMMUTABLE_WITH_EXCLUSION', 'latest'),
    'noncompliant',
    { parameters: { allowedMutableTags: ['edge'] } },
  ],
  'a question mark in the parameter is no wildcard': [
    tags('IMMUTABLE_WITH_EXCLUSION', '*'),
    'noncompliant',
    { parameters: { allowedMutableTags: ['?'] } },
  ],
  'mutable tags may except every tag': [tags('MUTABLE_WITH_EXCLUSION', '*'), 'compliant'],
  'mutable tags that except versions rest on an assumption': [
    tags('MUTABLE_WITH_EXCLUSION', 'v*'),
    'compliant',
    { assumes: 'releases are tagged v*' },
  ],
  'mutable tags that except development tags only leave releases mutable': [
    tags('MUTABLE_WITH_EXCLUSION', 'dev-*'),
    'noncompliant',
  ],
  'every stated release tag must be covered': [
    tags('MUTABLE_WITH_EXCLUSION', 'v*'),
    'noncompliant',
    { says: 'rel-*', parameters: { releaseTags: ['v*', 'rel-*'] } },
  ],
  'a setting AWS may add later leaves the verdict open': [tags('IMMUTABLE_SOMEHOW'), 'undetermined'],
})
