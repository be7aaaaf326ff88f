import { hasWildcard } from '../match/wildcard.ts'
import type { Actor } from './actor.ts'
import { crossed, type Texts } from './text-candidates.ts'
import { isOutOfReach, mentioned, type World } from './world.ts'

/** The ARN of the VPC a request comes from; only requests through an endpoint have it. */
export const vpcArnKey = 'aws:sourcevpcarn'

/** Whose VPCs the ARN, or the pattern of ARNs, means; undefined where a star stands for that part too. */
export function vpcOwner(text: string): string | undefined {
  const parts = text.split(':')
  return parts.length === 6 ? parts[4] : undefined
}

/** Whether conditions spell out the id of a VPC and not whose it is. */
export function isVpcOfNobody(text: string): boolean {
  const at = text.lastIndexOf('vpc-')
  return at >= 0 && hasWildcard(vpcOwner(text) ?? '*') && isOutOfReach('aws:sourcevpc', text.slice(at))
}

/** ARNs of VPCs of an account: one nobody names, and those that patterns allow this caller. */
export function vpcArns(account: string, actor: Actor, world: World): Texts {
  const form = `arn:${world.partition}:ec2:*:${account}:vpc/vpc-?*`
  const fresh = `arn:${world.partition}:ec2:${world.region}:${account}:vpc/vpc-0zzfreshzz`
  const mayHold = (pattern: string): boolean =>
    !isVpcOfNobody(pattern) || (actor.holds === undefined ? actor.holdsLiterals : actor.holds.value === pattern)
  const patterns = mentioned(world, vpcArnKey).filter((text) => !text.includes('${') && mayHold(text))
  const { texts, complete } = crossed(patterns, [form])
  // The star of the region may have taken an account with it.
  return { texts: [...new Set([fresh, ...texts.filter((text) => vpcOwner(text) === account)])], complete }
}
