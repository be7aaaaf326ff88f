import type { ChangedResource } from '../../events/audit-request.ts'
import { wayOf } from '../../events/concerns.ts'
import type { Hint, ResourceChange } from '../../events/resource-change.ts'
import { globalRegion, isGlobalType } from '../../inventory/recordable-types.ts'
import { parseArn } from '../../model/arn.ts'
import { InputError } from '../../model/errors.ts'
import { ownString } from '../../model/json.ts'
import type { ResourceRef } from '../../model/resource.ts'
import type { Reading } from '../../sources/reading.ts'
import { decideOne } from '../decide-one.ts'
import { decideEveryVpc, decideVpc, decideWithinVpc } from '../decide-vpc.ts'
import { type Decision, everywhere, type Ground } from '../decision.ts'
import { judgeTagged } from '../judge-tagged.ts'
import { judgedRef, lookAt, readEverything } from '../live.ts'
import { holdersOf } from './decide-roles.ts'
import { decideServices } from './decide-services.ts'

const vpcType = 'AWS::EC2::VPC'
/** Types of which a name does not give the ARN: roles have paths, parts of clusters an id. */
const arnUnknown: ReadonlySet<string> = new Set(['AWS::IAM::Role', 'AWS::EKS::Nodegroup', 'AWS::EKS::FargateProfile'])

/** What a rule decides. */
export interface Decided {
  readonly decisions: readonly Decision[]
  /** Why it decides nothing about a hint that concerns it: AWS Config's own trigger, or the sweep, does. */
  readonly left: readonly string[]
}

/** What one rule decides about one change: a decision per resource that it leads to, most often one. */
export async function decideChange(change: ResourceChange, ground: Ground): Promise<Decided> {
  const decisions: Decision[] = []
  const left: string[] = []
  for (const hint of change.hints) {
    const answer = await decideHint(change, hint, ground)
    decisions.push(...answer.decisions)
    left.push(...answer.left)
  }
  return { decisions, left }
}

async function decideHint(change: ResourceChange, hint: Hint, ground: Ground): Promise<Decided> {
  const { rule } = ground.selected
  const way = wayOf(rule, change, hint.type)
  switch (way) {
    case undefined:
      return decided([])
    case 'itself':
      return decided([await decideItself(resourceOf(change, hint), ground)])
    case 'registry':
      return decideRegistry(ground)
    case 'vpc':
      return decided([await decideNetwork(change, hint, ground)])
    case 'vpcs':
      return decideNetworks(ground)
    case 'roles':
      return decideHolders(change, hint, ground)
    case 'services':
      return decided([await decideServices(ownHint(hint, ground), ground)])
    default:
      return way satisfies never
  }
}

const nothing = everywhere([])
const decided = (decisions: readonly Decision[]): Decided => ({ decisions, left: [] })
const leftFor = (reason: string): Decided => ({ decisions: [], left: [reason] })

function resourceOf({ origin }: ResourceChange, { type, name }: Hint): ChangedResource {
  return {
    ...{ type, id: name, name, accountId: origin.accountId },
    arn: parseArn(name) === undefined ? undefined : name,
    region: isGlobalType(type) ? globalRegion : origin.region,
    ...{ status: 'OK', capturedAt: origin.time, leftScope: false },
  }
}

async function decideItself(resource: ChangedResource, ground: Ground): Promise<Decision> {
  if (!arnUnknown.has(resource.type)) return decideOne(resource, undefined, ground)
  const { view } = ground
  const named = judgedRef(view, resource)
  const live = await lookAt(view, resource.type === 'AWS::IAM::Role' ? { ...named, id: named.arn } : named)
  // What is gone had an ARN that nobody tells: AWS Config, or the sweep, knows it.
  if (live.state === 'gone') return nothing
  if (live.state !== 'present') return decideOne(byArn(resource, named), undefined, ground)
  const arn = ownString(live.item, 'arn') ?? named.arn
  return decideOne({ ...resource, id: ownString(live.item, 'resourceId') ?? named.id, arn }, undefined, ground)
}

/** A role without a known id is looked at by its name. */
function byArn(resource: ChangedResource, { arn }: ResourceRef): ChangedResource {
  return resource.type === 'AWS::IAM::Role' ? { ...resource, id: arn } : resource
}

/**
 * Settings of the registry, and its few cache rules, are judged as a whole: there is one registry in a region.
 * @throws Error when what is judged could not be listed just now
 */
async function decideRegistry({ selected, view }: Ground): Promise<Decided> {
  const { judges } = selected.rule
  const reading = await readEverything(view, selected.rule)
  const unlisted = openListing(reading, judges)
  if (unlisted?.isPassing) throw new Error(`${judges} could not be listed yet: ${unlisted.reason}`)
  if (unlisted) return leftFor(`${judges} could not be listed: ${unlisted.reason}`)
  const { findings } = await judgeTagged(selected, view, reading)
  return decided([everywhere(findings)])
}

/** Why the listing of a type is not complete; undefined when it is, or when the type is not listed. */
function openListing({ coverage, gaps }: Reading, type: string) {
  const open = coverage.find((row) => row.resourceType === type && row.status === 'unknown')
  if (open === undefined) return undefined
  const isPassing = gaps.some(({ resourceType, transience }) => resourceType === type && transience === 'passing')
  return { isPassing, reason: open.reason ?? 'the reason is not known' }
}

/** Each role that holds the policy is judged like one that is named. */
async function decideHolders(change: ResourceChange, hint: Hint, ground: Ground): Promise<Decided> {
  const holders = await holdersOf(hint, ground.view)
  if ('left' in holders) return leftFor(holders.left)
  const decisions: Decision[] = []
  for (const role of holders.roles) decisions.push(await decideItself(resourceOf(change, role), ground))
  return decided(decisions)
}

/** Which VPC it is nobody says. */
async function decideNetworks(ground: Ground): Promise<Decided> {
  const found = await decideEveryVpc(`change ${ground.selected.rule.id}`, ground)
  return 'left' in found ? leftFor(found.left) : decided([found])
}

/** Without a place it may be any VPC: that is left to AWS Config's own trigger. */
async function decideNetwork(change: ResourceChange, hint: Hint, ground: Ground): Promise<Decision> {
  const asked = { resource: resourceOf(change, hint), asker: `change ${ground.selected.rule.id}` }
  // Of a call that only names a VPC nothing says that the VPC is, or was, ours.
  if (change.changes === vpcType) return decideVpc(asked, ground)
  return (await decideWithinVpc(asked, ground)) ?? nothing
}

/** @throws InputError for a service of another account or region */
function ownHint(hint: Hint, { view }: Ground): Hint {
  const arn = parseArn(hint.name)
  const { accountId, region } = view.reader
  if (arn !== undefined && (arn.accountId !== accountId || arn.region !== region)) {
    throw new InputError('event.detail: expected a service of the account and region of this function')
  }
  return hint
}
