import { rule } from '../../../shared/rules/image/image-registry-approved.ts'
import { ecsService, elsewhere, imageUri, repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'
import { awsOwned, running } from './running-images.ts'

const stranger = imageUri('app:1', { accountId: '999900001111' })
const approving = (...approvedRegistries: readonly string[]) => ({ settings: { approvedRegistries } })
const listed = { organization: { organizationAccounts: new Set(['222222222222']) } }
const unread = { organization: { unread: 'the hub has published no organization' } }
const unlisted = { organization: { organizationAccounts: new Set<string>() } }

ruleCases(rule, {
  'the registry of the own account is approved': [running(imageUri()), 'compliant', 'Approved registries hold'],
  'the registry of an account of the organization is approved': [
    running(imageUri('app:1', { accountId: '222222222222' })),
    'compliant',
  ],
  'the registry of a trusted account is approved': [
    running(imageUri('app:1', { accountId: '333333333333' })),
    'compliant',
  ],
  'the registry of another audited account is approved': [
    [...running(stranger), elsewhere(repository(), { accountId: '999900001111' })],
    'compliant',
  ],
  'the registry of the EKS add-ons is approved': [running(imageUri('eks/coredns:v1', awsOwned)), 'compliant'],
  'the number of that registry in a region where it is not of AWS is a stranger': [
    running(imageUri('eks/coredns:v1', { ...awsOwned, region: 'af-south-1' })),
    'noncompliant',
    'account 602401143452',
  ],
  'the registry of a stranger is not approved': [
    running(stranger),
    'noncompliant',
    { ...listed, says: 'comes from the registry of account 999900001111, which is neither ours nor trusted' },
  ],
  'an organization whose members are not listed leaves a stranger open': [
    running(stranger),
    'undetermined',
    { ...unlisted, says: 'whether account 999900001111 is a member of o-exampleorg1: its members are not listed' },
  ],
  'an organization that could not be read leaves a stranger open, with the reason': [
    running(stranger),
    'undetermined',
    {
      ...unread,
      says: 'whether account 999900001111 belongs to the organization: the hub has published no organization',
    },
  ],
  'an organization that could not be read does not matter to a trusted account': [
    running(imageUri('app:1', { accountId: '333333333333' })),
    'compliant',
    unread,
  ],
  'an image of Docker Hub is not approved by itself': [
    running('nginx:1'),
    'noncompliant',
    { says: 'nginx:1 comes from docker.io, which is no approved registry.', shows: 'container c0: nginx:1' },
  ],
  'an image of the public registry is not approved by itself': [
    running('public.ecr.aws/x1y2/tool:1'),
    'noncompliant',
    'comes from public.ecr.aws/x1y2',
  ],
  'a host among the approved registries covers all its images': [
    running('public.ecr.aws/x1y2/tool:1'),
    'compliant',
    approving('public.ecr.aws'),
  ],
  'a path among the approved registries covers what is below it': [
    running('public.ecr.aws/docker/library/nginx:1'),
    'compliant',
    approving('public.ecr.aws/docker/library'),
  ],
  'a path covers whole parts of a name only': [
    running('public.ecr.aws/docker/library-of-others/nginx:1'),
    'noncompliant',
    approving('public.ecr.aws/docker/library'),
  ],
  'a host does not cover a longer host': [running('ghcr.io.example.com/a:1'), 'noncompliant', approving('ghcr.io')],
  'a star among the approved registries is any text': [
    running(stranger),
    'compliant',
    approving('*.dkr.ecr.eu-central-1.amazonaws.com'),
  ],
  'an account id among the approved registries covers its registry': [
    running(stranger),
    'compliant',
    approving('999900001111'),
  ],
  'one stranger among approved images is named': [
    running(imageUri(), 'quay.io/a/b:1'),
    'noncompliant',
    'quay.io/a/b:1 comes from quay.io',
  ],
  'an image that cannot be read leaves it open': [running('<image>'), 'undetermined', 'the image of container c0'],
  'a task definition without containers runs no image': [running(), 'notApplicable', 'It runs no image.'],
  'a service whose task definition is missing is left open': [
    ecsService({ taskDefinition: 'gone:1' }),
    'undetermined',
    'images of web',
  ],
})
