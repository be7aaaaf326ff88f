import type { ChangedResource } from '../../shared/events/audit-request.ts'
import { decideOne } from '../../shared/live/decide-one.ts'
import { decideVpc, decideWithinVpc } from '../../shared/live/decide-vpc.ts'
import {
  type ChangeRequest,
  type Decision,
  everywhere,
  type Ground,
  gone,
  type NetworkChange,
  unread,
} from '../../shared/live/decision.ts'
import { statedFinding } from '../../shared/live/judge.ts'
import { judgedRef, lookAt } from '../../shared/live/live.ts'
import { parseArn } from '../../shared/model/arn.ts'
import { InputError } from '../../shared/model/errors.ts'
import { type JsonObject, ownObject, ownString } from '../../shared/model/json.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import { sweep, sweepCluster, type WideDecision } from './sweep.ts'

/**
 * Decides about a change by looking at the resources themselves. The event says where to look and when; its item can only
 * add suspicion, when the live resource cannot be judged.
 */
export async function decide(request: ChangeRequest, ground: Ground): Promise<Decision | WideDecision> {
  const { resource } = request
  const { rule } = ground.selected
  if (resource.type !== rule.judges) return decideContext(request, rule, ground)
  if (resource.leftScope || resource.status === 'ResourceNotRecorded') return leave(resource, ground)
  if (rule.judges === 'AWS::EC2::VPC') return decideVpc(networkChangeOf(request), ground)
  return decideOne(resource, await itemOf(request, ground), ground)
}

/** The item of a resource that is there; a deleted one has none worth reading. */
async function itemOf(request: ChangeRequest, { historyItem }: Ground): Promise<JsonObject | undefined> {
  const { status } = request.resource
  if (status === 'ResourceDeleted' || status === 'ResourceDeletedNotRecorded') return undefined
  return request.kind === 'change' ? (request.item as JsonObject) : historyItem(request.resource)
}

/** Verdicts of one Config rule settle nothing for another. */
function networkChangeOf({ invocation, resource, ...rest }: ChangeRequest): NetworkChange {
  const change = { resource, asker: invocation.ruleArn }
  return rest.kind === 'change' ? { ...change, item: rest.item as JsonObject } : change
}

/** Something the rule looks at has changed: judged again is what it concerns, everything when that is not known. */
async function decideContext(request: ChangeRequest, rule: Rule, ground: Ground): Promise<Decision | WideDecision> {
  const { resource } = request
  if (!rule.reads.includes(resource.type)) {
    throw new InputError(`configurationItem.resourceType: rule ${rule.id} has nothing to do with ${resource.type}`)
  }
  if (rule.judges === 'AWS::EC2::VPC') {
    // Without a place it may be any VPC.
    return (await decideWithinVpc(networkChangeOf(request), ground)) ?? sweep(ground)
  }
  if (rule.judges === 'AWS::EKS::Nodegroup' && resource.type === 'AWS::EKS::Cluster')
    return sweepCluster(resource, ground)
  if (rule.judges !== 'AWS::ECS::TaskDefinition' || resource.type !== 'AWS::ECS::Service') return sweep(ground)
  return decideServed(resource, await itemOf(request, ground), ground)
}

/** A service says where its task definition is; a service that is gone, or runs none, changes the verdict on none we know. */
async function decideServed(service: ChangedResource, item: JsonObject | undefined, ground: Ground): Promise<Decision> {
  const arn = ownString(ownObject(item ?? {}, 'configuration') ?? {}, 'TaskDefinition')
  const id = parseArn(arn ?? '')?.resource.split('/')[1]
  if (arn === undefined || id === undefined) return everywhere([])
  const { judges: type } = ground.selected.rule
  return decideOne({ ...service, type, id, name: id, arn }, undefined, ground)
}

/**
 * AWS Config no longer asks about the resource. That is a fact about Config's scope, so Config gets NOT_APPLICABLE;
 * the resource's own finding is archived only when the resource is really gone.
 */
async function leave(resource: ChangedResource, { selected, view }: Ground): Promise<Decision> {
  const ref = judgedRef(view, resource)
  const live = await lookAt(view, ref)
  if (live.state === 'gone') return gone(selected, ref)
  if (live.state === 'unknown' && live.gaps.some((gap) => gap.transience === 'passing')) {
    return everywhere([unread(selected, ref, live.gaps)])
  }
  const reason = 'The resource is no longer in the scope of this rule.'
  return { config: [statedFinding(selected, ref, { compliance: 'NOT_APPLICABLE', reason })], securityHub: [] }
}
