import { rule } from '../../../shared/rules/image/image-region-local.ts'
import { ecsService, imageUri, taskDefinition } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { running } from './running-images.ts'

const far = imageUri('app:1', { region: 'us-east-1' })
const farther = imageUri('worker:1', { region: 'ap-south-1' })

ruleCases(rule, {
  'an image of the same region is local': [
    running(imageUri()),
    'compliant',
    'The region of the service holds 111122223333.dkr.ecr.eu-central-1.amazonaws.com/app:1.',
  ],
  'an image of another account in the same region is local': [
    running(imageUri('app:1', { accountId: '222222222222' })),
    'compliant',
  ],
  'an image of another region is not local': [
    running(far),
    'noncompliant',
    {
      says: 'us-east-1.amazonaws.com/app:1 lies in us-east-1, and the service runs in eu-central-1.',
      shows: 'container c0: 111122223333.dkr.ecr.us-east-1.amazonaws.com/app:1',
    },
  ],
  'one image of another region among local ones is named alone': [
    running(imageUri(), far),
    'noncompliant',
    { says: 'us-east-1.amazonaws.com/app:1 lies in us-east-1', shows: 'container c1' },
  ],
  'images of several regions are all named': [running(far, farther), 'noncompliant', 'worker:1 lies in ap-south-1'],
  'the same image of two containers is named once and proven twice': [
    running(far, far),
    'noncompliant',
    { shows: 'container c1' },
  ],
  'an image of the public registry belongs to no region': [
    running('public.ecr.aws/docker/library/nginx:1'),
    'notApplicable',
    'no image of a private ECR registry',
  ],
  'an image of Docker Hub belongs to no region': [running('nginx:1'), 'notApplicable'],
  'an image under a FIPS name has a region too': [
    running('111122223333.dkr.ecr-fips.us-east-1.amazonaws.com/app:1'),
    'noncompliant',
    'lies in us-east-1',
  ],
  'an image with a placeholder leaves it open': [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as a pipeline left it
    running('${REGISTRY}/app:1'),
    'undetermined',
    'the image of container c0 (the image holds the placeholder',
  ],
  'an image of another region is reported beside one that cannot be read': [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as a pipeline left it
    running('${REGISTRY}/app:1', far),
    'noncompliant',
  ],
  'a service whose task definition is missing is left open': [
    [ecsService({ taskDefinition: 'gone:1' }), taskDefinition()],
    'undetermined',
    'images of web: the task definition of service web is not in the inventory',
  ],
  'a service without a task definition of its own is left open': [
    [ecsService({ configuration: { TaskDefinition: null } }), taskDefinition()],
    'undetermined',
    'images of web',
  ],
})
