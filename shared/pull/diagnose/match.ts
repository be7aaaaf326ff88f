import { type AddressKind, calledAddress, kindOfAddress } from './addresses.ts'
import { decidingHost, type HostKind } from './message-hosts.ts'
import type { ActionKind, Signature } from './signature.ts'
import { accessSignatures } from './signatures-access.ts'
import { elsewhereSignatures, imageSignatures } from './signatures-image.ts'
import { networkSignatures, vagueNetworkSignatures } from './signatures-network.ts'

/** The classifier: the first row that fits a message is what it means. */
export const signatures: readonly Signature[] = [
  ...elsewhereSignatures,
  ...accessSignatures,
  ...networkSignatures,
  ...imageSignatures,
  ...vagueNetworkSignatures,
]

const needles: ReadonlySet<string> = new Set(signatures.flatMap((row) => [...(row.all ?? []), ...(row.any ?? [])]))

/** What speaks of a pull even where no registry is named. */
const pullWords = [
  'cannotpull',
  'to pull image',
  'pull image',
  'pulling image',
  'pull the image',
  'errimagepull',
  'imagepullbackoff',
  'pull access',
  'registry auth',
  'ref pull',
  'cannot pull',
  "can't pull",
  'failed to pull',
  'image pull',
  'resourceinitializationerror',
  '.dkr.ecr',
  'api.ecr',
  'dkr-ecr',
  'head request to https://',
  'failed to resolve ref',
  'credential provider plugin',
]

const tokenActions = ['ecr:getauthorizationtoken', 'ecr:getauthorisationtoken']
const pullActions = [
  'ecr:batchgetimage',
  'ecr:getdownloadurlforlayer',
  'ecr:batchchecklayeravailability',
  'ecr:batchimportupstreamimage',
  'ecr:createrepository',
]
const secretActions = ['secretsmanager:getsecretvalue', 'ssm:getparameter', 'kms:decrypt']

interface Traits {
  readonly lower: string
  readonly host: HostKind
  readonly address: AddressKind
  readonly action: ActionKind
  readonly ofPull: boolean
}

/** The row that fits a message on one line; undefined when it says nothing about a pull. */
export function signatureOf(message: string): Signature | undefined {
  const lower = message.toLowerCase()
  const whole = [...needles].filter((needle) => lower.includes(needle))
  const found = new Set(isCut(lower) ? [...whole, ...begunIn(lower)] : whole)
  if (found.size === 0) return undefined
  const traits = traitsOf(message, lower)
  return signatures.find((signature) => fits(signature, found, traits))
}

function traitsOf(message: string, lower: string): Traits {
  const address = calledAddress(message)
  return {
    lower,
    host: decidingHost(message).kind,
    address: address === undefined ? 'none' : kindOfAddress(address),
    action: actionOf(lower),
    ofPull: pullWords.some((word) => lower.includes(word)),
  }
}

function fits(pattern: Signature, found: ReadonlySet<string>, traits: Traits): boolean {
  const { all, none, host, address, action, ofPull } = pattern
  return (
    (all?.every((needle) => found.has(needle)) ?? true) &&
    (pattern.any?.some((needle) => found.has(needle)) ?? true) &&
    !none?.some((needle) => traits.lower.includes(needle)) &&
    (host?.includes(traits.host) ?? true) &&
    (address?.includes(traits.address) ?? true) &&
    (action?.includes(traits.action) ?? true) &&
    (ofPull === undefined || traits.ofPull)
  )
}

function actionOf(lower: string): ActionKind {
  const names = (actions: readonly string[]) => actions.some((action) => lower.includes(action))
  if (names(tokenActions)) return 'token'
  if (names(pullActions)) return 'pull'
  if (names(secretActions)) return 'secret'
  return /\bperform: ?[a-z0-9-]{2,40}:[a-z]/.test(lower) ? 'other' : 'none'
}

/** ECS cuts reasons at 255 and 1024 characters; tools show an ellipsis. */
function isCut(lower: string): boolean {
  const { length } = lower
  return (
    /(?:\.\.\.|…)["']?$/.test(lower.slice(-5)) || (length >= 250 && length <= 256) || (length >= 1018 && length <= 1024)
  )
}

const shortestTail = 10

/** Needles by each of their longer beginnings. */
const beginnings: ReadonlyMap<string, readonly string[]> = prefixesOf(needles)
const longestNeedle = Math.max(...[...needles].map(({ length }) => length))

function prefixesOf(whole: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const prefixes = new Map<string, string[]>()
  for (const needle of whole) {
    for (let length = shortestTail; length < needle.length; length += 1) {
      const prefix = needle.slice(0, length)
      prefixes.set(prefix, [...(prefixes.get(prefix) ?? []), needle])
    }
  }
  return prefixes
}

/** The needle that a message held before it was cut, when its end begins exactly one. */
function begunIn(lower: string): readonly string[] {
  const text = lower.replace(/(?:\.\.\.|…)["']?$/, '')
  for (let length = longestNeedle; length >= shortestTail; length -= 1) {
    const begun = beginnings.get(text.slice(-length)) ?? []
    if (begun.length > 0) return begun.length === 1 ? begun : []
  }
  return []
}
