import { rule } from '../../../shared/rules/image/image-pinned-by-digest.ts'
import { ecsService, imageUri, notListed, repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { awsOwned, digest, running } from './running-images.ts'

const tags = (setting: string, ...filters: readonly string[]) =>
  repository({
    configuration: {
      ImageTagMutability: setting,
      ImageTagMutabilityExclusionFilters: filters.map((filter) => ({
        ImageTagMutabilityExclusionFilterType: 'WILDCARD',
        ImageTagMutabilityExclusionFilterValue: filter,
      })),
    },
  })

ruleCases(rule, {
  'a digest pins an image': [running(imageUri(`app@${digest}`)), 'compliant', 'Nothing can change what is behind'],
  'a digest beside a tag pins an image': [running(imageUri(`app:1@${digest}`)), 'compliant'],
  'a digest pins an image of any registry': [running(`docker.io/library/nginx@${digest}`), 'compliant'],
  'a tag of a repository with immutable tags is pinned': [
    [...running(imageUri()), tags('IMMUTABLE')],
    'compliant',
    { provenWithout: [] },
  ],
  'a tag of a repository with mutable tags can move': [
    [...running(imageUri()), tags('MUTABLE')],
    'noncompliant',
    {
      says: 'app:1 has the tag 1, which can be moved: tag mutability of app is MUTABLE.',
      shows: 'container c0: 111122223333.dkr.ecr.eu-central-1.amazonaws.com/app:1',
    },
  ],
  'a tag that the filters leave immutable is pinned': [
    [...running(imageUri('app:v1')), tags('IMMUTABLE_WITH_EXCLUSION', 'latest', 'dev-*')],
    'compliant',
  ],
  'a tag that the filters exclude from immutability can move': [
    [...running(imageUri('app:dev-7')), tags('IMMUTABLE_WITH_EXCLUSION', 'latest', 'dev-*')],
    'noncompliant',
    'has the tag dev-7, which can be moved',
  ],
  'a tag that the filters exclude from mutability is pinned': [
    [...running(imageUri('app:v1')), tags('MUTABLE_WITH_EXCLUSION', 'v*')],
    'compliant',
  ],
  'a tag that the filters leave mutable can move': [
    [...running(imageUri('app:test')), tags('MUTABLE_WITH_EXCLUSION', 'v*')],
    'noncompliant',
    'has the tag test',
  ],
  'an image without tag is latest': [
    [...running(imageUri('app')), tags('IMMUTABLE_WITH_EXCLUSION', 'latest')],
    'noncompliant',
    'has no tag, and latest can be moved',
  ],
  'an image without tag is pinned where even latest is immutable': [
    [...running(imageUri('app')), tags('IMMUTABLE')],
    'compliant',
  ],
  'a tag of another kind of registry can move': [running('nginx:1.29'), 'noncompliant', 'nginx:1.29 has the tag 1.29'],
  'a tag of the public registry can move': [running('public.ecr.aws/x/y:1'), 'noncompliant', 'has the tag 1'],
  'a setting of tomorrow leaves it open': [[...running(imageUri()), tags('SOMETIMES')], 'undetermined', 'SOMETIMES'],
  'a repository nobody listed leaves it open': [
    [...running(imageUri()), notListed('AWS::ECR::Repository')],
    'undetermined',
    'repository arn:aws:ecr:eu-central-1:111122223333:repository/app',
  ],
  'a repository that is not there leaves it open': [running(imageUri()), 'undetermined', 'it does not exist'],
  'a repository of another account nobody reads leaves it open': [
    running(imageUri('app:1', { accountId: '222222222222' })),
    'undetermined',
    'repository arn:aws:ecr:eu-central-1:222222222222:repository/app',
  ],
  'an image of AWS leaves it open': [
    running(imageUri('eks/coredns:v1', awsOwned)),
    'undetermined',
    'whether AWS moves',
  ],
  'a service whose task definition is missing is left open': [ecsService({ taskDefinition: 'gone:1' }), 'undetermined'],
})
