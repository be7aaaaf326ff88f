import type { Decision } from '../iam/evaluate/types.ts'
import type { Role } from '../inventory/iam.ts'
import { decideFor, type RegistryDecision, type RegistryRequest } from './decide.ts'
import type { ImageReference } from './image-reference.ts'
import { layersOfRole } from './role-layers.ts'
import { type ProfilePlace, roleTrust, type TrustedService } from './role-trust.ts'
import type { PullAnswer, Puller, PullStep, PullWorld } from './types.ts'

/** An image of a private ECR registry. */
export type PrivateImage = Extract<ImageReference, { kind: 'ecrPrivate' }>

/** Where an image lies: all that permissions depend on. */
export type ImageRepository = Pick<PrivateImage, 'accountId' | 'region' | 'repository' | 'repositoryArn'>

/** The actions a pull does on the repository. `ecr:BatchCheckLayerAvailability` is of pushes and not needed. */
export const neededOnRepository = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] as const

/** Which service assumes the role of each kind of puller. */
export const trustedServiceOf: Readonly<Record<Puller, TrustedService>> = {
  fargateTask: 'ecs-tasks',
  ecsInstanceExecutionRole: 'ecs-tasks',
  ecsInstance: 'ec2',
  eksNode: 'ec2',
  eksFargatePod: 'eks-fargate-pods',
}

/** What is asked about a role. */
export interface PullQuestion {
  readonly role: Role
  readonly puller: Puller
  /** Region of the workload: bounds what the trust policy may name. */
  readonly region: string
  /** The Fargate profile, for pods on Fargate. */
  readonly profile?: ProfilePlace
  readonly images: readonly ImageRepository[]
}

/**
 * Whether a role can pull images: its trust, a token in each region of an image, and the two actions on each repository.
 * Fails when any step is denied, is unknown when any step is and none is denied.
 */
export function canPull(world: PullWorld, question: PullQuestion): PullAnswer {
  const trust = roleTrust(world, question, trustedServiceOf[question.puller])
  const decisions = requestsOf(question.images, question.region).map((request) => ({
    request,
    ...decideFor(world, question.role, question.puller, request),
  }))
  const steps = [trust, ...decisions.map(stepOf)]
  return {
    status: statusOf(steps),
    steps,
    assumptions: [...new Set(decisions.flatMap(({ assumptions }) => assumptions))],
    evidence: layersOfRole(world.inventory, question.role).evidence,
  }
}

/** Fails when any step is denied; otherwise unknown when any is. */
export function statusOf(steps: readonly PullStep[]): PullAnswer['status'] {
  const decisions = steps.map(({ decision }) => decision.decision)
  if (decisions.some(isDenied)) return 'fail'
  return decisions.includes('unknown') ? 'unknown' : 'pass'
}

/** True for both kinds of denial. */
export function isDenied(decision: Decision['decision']): boolean {
  return decision === 'explicitlyDenied' || decision === 'implicitlyDenied'
}

/** The requests of a pull: a token once per region (`home` when no image is known), both actions once per repository. */
export function requestsOf(images: readonly ImageRepository[], home: string): readonly RegistryRequest[] {
  const regions = new Set(images.length === 0 ? [home] : images.map(({ region }) => region))
  const repositories = new Map(images.map((image) => [image.repositoryArn, image]))
  return [
    ...[...regions].map((region) => ({ action: 'ecr:GetAuthorizationToken', region })),
    ...[...repositories.values()].flatMap((image) => neededOnRepository.map((action) => requestOn(image, action))),
  ]
}

/** One action on the repository of an image. */
export function requestOn(image: ImageRepository, action: string): RegistryRequest {
  const { accountId, region, repository, repositoryArn } = image
  return { action, region, repository: { accountId, region, name: repository, arn: repositoryArn } }
}

function stepOf({ request, decision }: RegistryDecision & { readonly request: RegistryRequest }): PullStep {
  const { action, repository } = request
  return { kind: repository === undefined ? 'token' : 'pull', action, resource: repository?.arn ?? '*', decision }
}
