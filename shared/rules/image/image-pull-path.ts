import { undetermined } from '../../model/verdict.ts'
import { tracesOfWorkload } from '../../pull/traces.ts'
import { defineRule } from '../define-rule.ts'
import { pullPathReads, pullPathTriggers } from '../image-reads.ts'
import { missing } from '../missing.ts'
import { noParameters } from '../parameters.ts'
import { imagesOfService } from '../service-images.ts'
import { traceWorldOf, verdictOnTraces } from '../traced-pulls.ts'

/** The whole way of an image: who pulls, where from, through what, and whether everybody on the way lets it through. */
export const rule = defineRule({
  id: 'image-pull-path',
  area: 'image',
  title: 'Workloads can pull their images',
  severity: 'HIGH',
  why: 'The next task, node or pod that has to start stops with CannotPullContainerError or ImagePullBackOff, often in the middle of a scale-out or an outage.',
  fix: 'Mend the hop that is named first; pullpath explain draws the whole way and the exact change.',
  notes: [
    'A pull fails when it fails from any subnet: the scheduler may pick that one.',
    'Node groups and Fargate profiles are judged by the add-on images of AWS; images of pods are traced from manifests by pullpath explain --manifests and pullpath audit --manifests.',
    'Hops of an account that nobody can read leave the verdict open and name the account.',
    'Of images of other registries than ECR only the way to the internet is judged.',
  ],
  judges: 'AWS::ECS::Service',
  alsoJudges: ['AWS::EKS::Nodegroup', 'AWS::EKS::FargateProfile'],
  reads: pullPathReads(),
  triggers: pullPathTriggers(),
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html',
  parameters: noParameters,
  evaluate: (workload, context) => {
    const { ref } = workload
    const images = 'taskDefinitionArn' in workload ? imagesOfService(workload, context.inventory) : undefined
    if (images?.state === 'unknown') return undetermined(missing('its images', images))
    const none =
      ref.type === 'AWS::ECS::Service'
        ? 'It fetches no image.'
        : 'Which images its pods use is in no inventory: pullpath explain --manifests traces them.'
    return verdictOnTraces(tracesOfWorkload(traceWorldOf(context), ref.arn), none)
  },
})
