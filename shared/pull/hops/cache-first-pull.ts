import type { PullThroughCacheRule } from '../../inventory/ecr.ts'
import { isDenied, type PrivateImage, requestOn } from '../can-pull.ts'
import { decideFor } from '../decide.ts'
import { cacheTemplateFor } from '../pull-through-cache.ts'
import type { PullToTrace } from '../trace-types.ts'
import type { PullWorld } from '../types.ts'
import type { WayKeys } from '../way-keys.ts'
import type { WorkloadPuller } from '../workloads.ts'
import { upstreamAnswer } from './cache-upstream.ts'
import { failing, type HopAnswer, passing, undecided } from './hop-answer.ts'

/** A pull of an image that a pull-through cache does not hold yet. */
export interface FirstPull {
  readonly image: PrivateImage
  readonly rule: PullThroughCacheRule
  /** False: ECR makes the repository, which needs a permission and gives it no policy unless a template does. */
  readonly repositoryExists: boolean
  readonly pull: Pick<PullToTrace, 'workload' | 'pullers' | 'credentials'>
  readonly hasInternetPath: boolean | undefined
  /** The way of requests to the registry; absent when not known. */
  readonly way?: WayKeys
}

/**
 * Whether the first pull through a cache gets the image. AWS documents that through PrivateLink it needs a way to the
 * internet, and none for later pulls; for a private ECR upstream that is not documented, and stays open.
 */
export function firstPullAnswer(world: PullWorld, first: FirstPull): HopAnswer {
  const { rule, image } = first
  const questions = [fipsAnswer, internetAnswer, () => upstreamAnswer(rule), templateAnswer, importAnswer]
  const answers = questions.map((ask) => ask(first, world))
  const worst = answers.find(({ status }) => status === 'fail') ?? answers.find(({ status }) => status === 'unknown')
  const evidence = [
    { source: `pull-through cache rule ${rule.prefix}`, detail: `caches ${rule.upstreamRegistryUrl}` },
    ...(worst?.evidence ?? []),
  ]
  if (worst !== undefined) return { ...worst, evidence }
  return passing('cache-first-pull', `ECR fetches it from ${rule.upstreamRegistryUrl} on the first pull`, {
    evidence,
    assumptions: [
      `assumes that ${rule.upstreamRegistryUrl} has the image ${image.repository}`,
      ...new Set(answers.flatMap(({ assumptions }) => assumptions)),
    ],
  })
}

function fipsAnswer({ image }: FirstPull): HopAnswer {
  const isFips = image.hostForm === 'fips' || image.hostForm === 'dualStackFips'
  return isFips
    ? failing('cache-first-pull-fips', `the first pull through a cache does not work through ${image.host}`, {
        fix: 'Pull the image once through the host without fips, from a machine that may',
      })
    : passing('cache-host', 'the host serves first pulls')
}

function internetAnswer({ hasInternetPath, rule, image }: FirstPull): HopAnswer {
  if (hasInternetPath === true) return passing('cache-internet', 'there is a way to the internet')
  const { upstreamRegistry } = rule
  const what = `the image ${image.repository} is not cached yet`
  if (upstreamRegistry.state === 'known' && upstreamRegistry.value === 'ecr') {
    return open(
      'cache-path-not-documented',
      `${what}; whether a first pull from ECR needs the internet is not documented`,
    )
  }
  if (hasInternetPath === undefined) {
    return open('cache-path-not-known', `${what}; whether the workload has a way to the internet is not known`)
  }
  return failing('cache-first-pull-without-internet', `${what}, and the first pull needs a way to the internet`, {
    fix: 'Pull the image once from a place with a way to the internet, such as the pipeline: later pulls need none',
  })
}

/** A repository that a cache makes has no policy, so that no other account may pull from it. */
function templateAnswer({ repositoryExists, image, pull }: FirstPull, { inventory }: PullWorld): HopAnswer {
  const fine = passing('cache-repository', 'the repository lets the workload pull')
  if (repositoryExists || image.accountId === pull.workload.scope.accountId) return fine
  const { creationTemplates } = inventory.registryOf(image)
  if (creationTemplates.state === 'unknown') {
    return open('cache-templates-not-known', `the repository creation templates: ${creationTemplates.reason}`)
  }
  const templates = creationTemplates.state === 'known' ? creationTemplates.value : []
  const template = cacheTemplateFor(image.repository, templates)
  if (template === undefined || template.policy.state === 'absent') {
    return failing(
      'cache-without-template-policy',
      `the cache makes ${image.repository} without a policy, so that account ${pull.workload.scope.accountId} may not pull`,
      {
        fix: `Create a repository creation template with a policy for ${image.repository} in account ${image.accountId}`,
      },
    )
  }
  return open(
    'cache-template-policy-not-decided',
    `whether the policy of the creation template ${template.prefix} lets the workload pull is not decided`,
  )
}

function importAnswer(first: FirstPull, world: PullWorld): HopAnswer {
  const { pullers, credentials } = first.pull
  if (credentials !== undefined) {
    return open('cache-importer-not-known', `whose permissions ${credentials} carries is not known`)
  }
  if (pullers.state !== 'known' || pullers.value.length === 0) {
    const why = pullers.state === 'unknown' ? pullers.reason : 'it names none'
    return open('cache-importer-not-known', `the role that pulls for ${first.pull.workload.name}: ${why}`)
  }
  return ofPullers(pullers.value.map((puller) => pullerAnswer(world, first, puller)))
}

/** Which of several roles pulls is not known: they must agree. */
function ofPullers(answers: readonly HopAnswer[]): HopAnswer {
  const denied = answers.find(({ status }) => status === 'fail')
  const other = answers.find(({ status }) => status !== 'fail')
  if (denied === undefined) return answers.find(({ status }) => status === 'unknown') ?? answers[0] ?? nobody
  return other === undefined ? denied : open('cache-importers-differ', `${denied.reason}, while another role may`)
}

const nobody = undecided('cache-importer-not-known', 'no role pulls', ['the role that pulls'])

function pullerAnswer(world: PullWorld, first: FirstPull, puller: WorkloadPuller): HopAnswer {
  const actions = ['ecr:BatchImportUpstreamImage', ...(first.repositoryExists ? [] : ['ecr:CreateRepository'])]
  const answers = actions.map((action) => actionAnswer(world, first, puller, action))
  const worst = answers.find(({ status }) => status === 'fail') ?? answers.find(({ status }) => status === 'unknown')
  if (worst !== undefined) return worst
  const assumptions = answers.flatMap((answer) => answer.assumptions)
  return passing('cache-import', `the role ${puller.roleName} may import the image`, { assumptions })
}

function actionAnswer(
  world: PullWorld,
  { image, pull, way }: FirstPull,
  { roleName, puller }: WorkloadPuller,
  action: string,
): HopAnswer {
  const role = world.inventory.role(roleName, pull.workload.scope)
  if (role.state !== 'known') {
    const why = role.state === 'unknown' ? role.reason : `the role ${roleName} does not exist`
    return open('cache-importer-not-known', `whether ${roleName} may ${action}: ${why}`)
  }
  const { decision, assumptions } = decideFor(world, role.value, puller, requestOn(image, action), way)
  if (decision.decision === 'allowed')
    return passing('cache-import', `the role ${roleName} may ${action}`, { assumptions })
  const { reason } = decision.decidedBy
  if (!isDenied(decision.decision))
    return open('cache-import-not-decided', `whether ${roleName} may ${action}: ${reason}`)
  const code = action === 'ecr:CreateRepository' ? 'missing-create-repository' : 'missing-batch-import-upstream-image'
  return failing(
    code,
    `the role ${roleName} may not ${action}, which the first pull through a cache needs: ${reason}`,
    {
      assumptions,
      fix: `Allow ${roleName} the action ${action} on ${image.repositoryArn}`,
    },
  )
}

function open(code: string, reason: string): HopAnswer {
  return undecided(code, reason, [reason])
}
