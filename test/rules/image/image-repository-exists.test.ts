import { rule } from '../../../shared/rules/image/image-repository-exists.ts'
import { cacheRule, ecsService, imageUri, notListed, repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { awsOwned, digest, holding, listedImage, otherDigest, running } from './running-images.ts'

const cached = imageUri('hub/library/nginx:1')

ruleCases(rule, {
  'a repository that is there is assumed to hold the image while images are not listed': [
    [...running(imageUri()), repository()],
    'compliant',
    { says: 'The registry holds', assumes: 'assumes that app holds tag 1 (the images of' },
  ],
  'a tag the repository holds exists': [[...running(imageUri()), holding(listedImage())], 'compliant'],
  'a digest the repository holds exists': [
    [...running(imageUri(`app@${digest}`)), holding(listedImage({ imageTags: [] }))],
    'compliant',
  ],
  'a digest decides whatever the tag beside it says': [
    [...running(imageUri(`app:gone@${digest}`)), holding(listedImage())],
    'compliant',
  ],
  'a tag the repository does not hold is missing': [
    [...running(imageUri('app:2')), holding(listedImage())],
    'noncompliant',
    'app:2 names tag 2, which app does not hold.',
  ],
  'an image without tag is latest': [
    [...running(imageUri('app')), holding(listedImage())],
    'noncompliant',
    'names tag latest, which app does not hold',
  ],
  'a digest the repository does not hold is missing': [
    [...running(imageUri(`app@${otherDigest}`)), holding(listedImage())],
    'noncompliant',
    `names digest ${otherDigest}`,
  ],
  'an archived image cannot be pulled': [
    [...running(imageUri()), holding(listedImage({ imageStatus: 'ARCHIVED' }))],
    'noncompliant',
    { says: 'app:1 is archived.', shows: `image ${digest}: status ARCHIVED` },
  ],
  'an image on its way out of the archive is left open': [
    [...running(imageUri()), holding(listedImage({ imageStatus: 'ACTIVATING' }))],
    'undetermined',
    'its status is ACTIVATING',
  ],
  'an image whose status nobody stated is there': [
    [...running(imageUri()), holding(listedImage({ imageStatus: null }))],
    'compliant',
  ],
  'a repository that is not there is missing': [
    running(imageUri()),
    'noncompliant',
    'names a repository that does not exist: arn:aws:ecr:eu-central-1:111122223333:repository/app.',
  ],
  'a repository nobody listed leaves it open': [
    [...running(imageUri()), notListed('AWS::ECR::Repository')],
    'undetermined',
    'repository arn:aws:ecr:eu-central-1:111122223333:repository/app',
  ],
  'a repository of an account nobody reads leaves it open': [
    running(imageUri('app:1', { accountId: '222222222222' })),
    'undetermined',
    'repository arn:aws:ecr:eu-central-1:222222222222:repository/app',
  ],
  'a repository below the prefix of a cache is made by the first pull': [
    [...running(cached), cacheRule('hub', 'registry-1.docker.io')],
    'compliant',
    { assumes: 'assumes that the pull-through cache rule hub finds hub/library/nginx at its upstream' },
  ],
  'the prefix of a cache ends where a part of a name ends': [
    [...running(imageUri('hub-tools/a:1')), cacheRule('hub', 'registry-1.docker.io')],
    'noncompliant',
    'names a repository that does not exist',
  ],
  'cache rules nobody listed leave a missing repository open': [
    [...running(cached), notListed('AWS::ECR::PullThroughCacheRule')],
    'undetermined',
    'pull-through cache rules of 111122223333',
  ],
  'images of AWS and of other registries are not judged': [
    running(imageUri('eks/coredns:v1', awsOwned), 'nginx:1'),
    'notApplicable',
    'no image of a private ECR registry of customers',
  ],
  'a service whose task definition is missing is left open': [ecsService({ taskDefinition: 'gone:1' }), 'undetermined'],
})
