import type { JsonObject } from '../../../shared/model/json.ts'
import { rule } from '../../../shared/rules/image/image-free-of-critical-findings.ts'
import { ecsService, imageUri, notListed, repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { awsOwned, digest, holding, listedImage, running } from './running-images.ts'

const scanned = (findingSeverityCounts: JsonObject) => [
  ...running(imageUri()),
  holding(listedImage({ findingSeverityCounts })),
]
const from = (threshold: string) => ({ parameters: { threshold } })

ruleCases(rule, {
  'an image without findings is clean': [
    scanned({}),
    'compliant',
    'No finding of severity CRITICAL or worse is in the last scan of 111122223333.dkr.ecr.eu-central-1.amazonaws.com/app:1.',
  ],
  'a critical finding counts by default': [
    scanned({ CRITICAL: 2, HIGH: 5 }),
    'noncompliant',
    { says: 'app:1 has findings in its last scan: 2 CRITICAL.', shows: `scan of ${digest}: 2 CRITICAL` },
  ],
  'a high finding does not count by default': [scanned({ HIGH: 5, LOW: 9 }), 'compliant'],
  'a high finding counts when the threshold says so': [
    scanned({ CRITICAL: 1, HIGH: 5, MEDIUM: 7 }),
    'noncompliant',
    { ...from('HIGH'), says: '1 CRITICAL, 5 HIGH.' },
  ],
  'even information counts when the threshold says so': [
    scanned({ INFORMATIONAL: 1 }),
    'noncompliant',
    { ...from('INFORMATIONAL'), says: '1 INFORMATIONAL' },
  ],
  'findings without a severity do not count': [scanned({ UNDEFINED: 3, UNTRIAGED: 4 }), 'compliant', from('LOW')],
  'a count of zero is no finding': [scanned({ CRITICAL: 0 }), 'compliant'],
  'an image that was never scanned is left open': [
    [...running(imageUri()), holding(listedImage())],
    'undetermined',
    'a scan result of app tag 1',
  ],
  'the image named by its digest is looked at': [
    [
      ...running(imageUri(`app@${digest}`)),
      holding(listedImage({ imageTags: ['2'], findingSeverityCounts: { CRITICAL: 1 } })),
    ],
    'noncompliant',
    '1 CRITICAL',
  ],
  'findings of another image of the repository do not count': [
    [
      ...running(imageUri()),
      holding(
        listedImage({ findingSeverityCounts: {} }),
        listedImage({
          imageDigest: `sha256:${'c'.repeat(64)}`,
          imageTags: ['2'],
          findingSeverityCounts: { CRITICAL: 1 },
        }),
      ),
    ],
    'compliant',
  ],
  'a tag the repository does not hold is left open': [
    [...running(imageUri('app:9')), holding(listedImage({ findingSeverityCounts: {} }))],
    'undetermined',
    'does not hold tag 9',
  ],
  'images nobody listed leave it open': [
    [...running(imageUri()), repository()],
    'undetermined',
    'images of arn:aws:ecr',
  ],
  'a repository nobody listed leaves it open': [
    [...running(imageUri()), notListed('AWS::ECR::Repository')],
    'undetermined',
    'repository arn:aws:ecr:eu-central-1:111122223333:repository/app',
  ],
  'a repository that is not there leaves it open': [running(imageUri()), 'undetermined', 'does not exist'],
  'a bad image is reported beside one nobody knows': [
    [...running(imageUri(), imageUri('other:1')), holding(listedImage({ findingSeverityCounts: { CRITICAL: 1 } }))],
    'noncompliant',
    'app:1 has findings',
  ],
  'images of AWS and of other registries are not judged': [
    running(imageUri('eks/coredns:v1', awsOwned), 'public.ecr.aws/x/y:1'),
    'notApplicable',
  ],
  'a service whose task definition is missing is left open': [ecsService({ taskDefinition: 'gone:1' }), 'undetermined'],
})
