import { defineRule } from '../define-rule.ts'
import { imageTriggers } from '../image-reads.ts'
import { noParameters } from '../parameters.ts'
import { judgeImages } from '../service-images.ts'

/** An image of another region crosses the network at every start, and no gateway endpoint carries its layers. */
export const rule = defineRule({
  id: 'image-region-local',
  area: 'image',
  title: 'Services run images of their own region',
  severity: 'MEDIUM',
  why: 'Images of another region start slower, cost transfer between regions, cannot come through the gateway endpoint of S3, and stop new tasks when the other region has an outage.',
  fix: 'Replicate the repository to the region of the service (private registry, replication) and name the image there.',
  notes: [
    'Judged are images of private ECR registries. Which images pods on EKS use is not in the inventory of this rule.',
    'The public registry of ECR and registries of others belong to no region.',
  ],
  judges: 'AWS::ECS::Service',
  reads: ['AWS::ECS::TaskDefinition'],
  triggers: imageTriggers(),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html',
  parameters: noParameters,
  evaluate: (service, context) =>
    judgeImages(
      service,
      context,
      ({ reference }) => {
        const { region } = service.ref
        if (reference.kind !== 'ecrPrivate') return { kind: 'skip' }
        if (reference.region === region) return { kind: 'good' }
        return {
          kind: 'bad',
          because: `lies in ${reference.region}, and the service runs in ${region}`,
          fix: `Replicate ${reference.repository} of account ${reference.accountId} from ${reference.region} to ${region}, and name the image there.`,
        }
      },
      { good: 'The region of the service holds', none: 'It runs no image of a private ECR registry.' },
    ),
})
