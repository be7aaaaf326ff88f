import type { ConfigServiceClient } from '@aws-sdk/client-config-service'
import { normalizeItem } from '../../inventory/normalize-item.ts'
import { recordingOf } from '../../inventory/recorder.ts'
import type { JsonObject } from '../../model/json.ts'
import { listed } from '../../model/quote.ts'
import type { Scope } from '../../model/resource.ts'
import type { AggregatorReader } from '../config-query/aggregated.ts'
import { ecrArn } from '../ecr/reader.ts'
import type { ReadFailure } from '../failure.ts'
import { covered, failureOf, forEachConcurrently, type Reader, type Reading } from '../reading.ts'
import { aggregatedItems, staleSources } from './aggregated.ts'
import { type BriefMemory, briefMemory } from './brief-memory.ts'

const repositoryType = 'AWS::ECR::Repository'
const policyType = 'AWS::ECR::RegistryPolicy'
const recorderType = 'AWS::Config::ConfigurationRecorder'
/** Repositories looked up at the same time. */
const CONCURRENCY = 4
/** Answers in memory; each holds one repository or one policy. */
const MOST_ANSWERS = 300

/** The aggregator of the hub, with the credentials of the role that may read it; or why there are none. */
export type AggregatorAccess = () => Promise<
  | { readonly state: 'open'; readonly client: Pick<ConfigServiceClient, 'send'>; readonly aggregator: string }
  | ({ readonly state: 'refused' } & ReadFailure)
>

/** Repositories by name in registries of other accounts and regions. */
export type ForeignLookUp = (reader: Reader, scope: Scope, names: readonly string[]) => Promise<Reading>

/**
 * Looks repositories up through the hub's aggregator, with the policy of their registry. What the aggregator does not show is
 * unknown, never absent: it may hold an old state, or nothing of the account at all. That a registry has no policy counts when the
 * account records such policies and its copy is up to date. Known answers serve for five minutes.
 */
export function foreignLookUp(access: AggregatorAccess): ForeignLookUp {
  const memory = briefMemory(MOST_ANSWERS)
  return async (reader, scope, names) => {
    const opened = await access()
    if (opened.state === 'refused') return nothingOf(reader, scope, names, opened)
    const { client, aggregator } = opened
    const at: AggregatorReader = { ...reader, client, aggregator }
    const fresh = await freshness(memory, at, scope)
    if (fresh !== undefined) return nothingOf(reader, scope, names, fresh)
    const [repositories, registry] = await Promise.all([
      repositoriesOf(memory, at, scope, names),
      registryOf(memory, at, scope),
    ])
    return {
      items: [...repositories.items, ...registry.items],
      coverage: [...repositories.coverage, ...registry.coverage],
      gaps: [...repositories.gaps, ...registry.gaps],
    }
  }
}

/** Why what the aggregator holds of an account and region does not count; undefined when it does. */
async function freshness(memory: BriefMemory, at: AggregatorReader, scope: Scope): Promise<ReadFailure | undefined> {
  const stale = await memory('sources', nowOf(at), () => staleSources(at))
  if (stale.state !== 'known') return failureOf(stale)
  if (!stale.value.has('*') && !stale.value.has(placeOf(scope))) return undefined
  return lasting(`the aggregator's copy of account ${scope.accountId} in ${scope.region} is not up to date`)
}

async function repositoriesOf(
  memory: BriefMemory,
  at: AggregatorReader,
  scope: Scope,
  names: readonly string[],
): Promise<Reading> {
  const items: JsonObject[] = []
  const hidden: string[] = []
  const failures: { readonly name: string; readonly failure: ReadFailure }[] = []
  await forEachConcurrently(names, CONCURRENCY, async (name) => {
    const key = `repository ${placeOf(scope)} ${name}`
    const found = await memory(key, nowOf(at), () => aggregatedItems(at, repositoryType, scope, name))
    if (found.state !== 'known') failures.push({ name, failure: failureOf(found) })
    else if (found.value.length === 0) hidden.push(name)
    else items.push(...found.value)
  })
  const [first] = failures
  const reason =
    first?.failure.reason ?? (hidden.length > 0 ? notShown(hidden.sort(), scope) : 'only what workloads name was read')
  const row = covered(placeIn(at, scope), repositoryType, lasting(reason))
  return { items, coverage: [row], gaps: failures.flatMap(({ name, failure }) => gapOf(scope, name, failure)) }
}

function notShown(names: readonly string[], { accountId, region }: Scope): string {
  return `the aggregator shows no repository ${listed(names)} of account ${accountId} in ${region}`
}

async function registryOf(memory: BriefMemory, at: AggregatorReader, scope: Scope): Promise<Reading> {
  const ask = (type: typeof policyType | typeof recorderType) =>
    memory(`${type} ${placeOf(scope)}`, nowOf(at), () => aggregatedItems(at, type, scope))
  const policies = await ask(policyType)
  const place = placeIn(at, scope)
  if (policies.state !== 'known') return policyUnknown(at, scope, failureOf(policies))
  if (policies.value.length > 0) return { items: policies.value, coverage: [covered(place, policyType)], gaps: [] }
  const recorders = await ask(recorderType)
  if (recorders.state !== 'known') return policyUnknown(at, scope, failureOf(recorders))
  if (recorders.value.some(recordsPolicies)) return { items: [], coverage: [covered(place, policyType)], gaps: [] }
  const who = `account ${scope.accountId} records registry policies in ${scope.region}`
  return policyUnknown(at, scope, lasting(`the aggregator does not show that ${who}`))
}

function recordsPolicies(recorder: JsonObject): boolean {
  const normalized = normalizeItem(recorder)
  return normalized.ok && !normalized.deleted && recordingOf(normalized.item, policyType) === 'recorded'
}

function policyUnknown(at: AggregatorReader, scope: Scope, failure: ReadFailure): Reading {
  const gaps = gapOf(scope, undefined, failure)
  return { items: [], coverage: [covered(placeIn(at, scope), policyType, failure)], gaps }
}

/** Nothing of the registry is known. */
function nothingOf(reader: Reader, scope: Scope, names: readonly string[], failure: ReadFailure): Reading {
  const place = placeIn(reader, scope)
  return {
    items: [],
    coverage: [repositoryType, policyType].map((type) => covered(place, type, failure)),
    gaps: names.flatMap((name) => gapOf(scope, name, failure)),
  }
}

/** A lasting failure is in the coverage; one that passes must keep what rests on it from being written, too. */
function gapOf(scope: Scope, name: string | undefined, failure: ReadFailure): Reading['gaps'] {
  if (failure.transience === 'lasting') return []
  const resourceType = name === undefined ? policyType : repositoryType
  const resource = name === undefined ? `registry/${scope.accountId}` : `repository/${name}`
  return [{ resourceType, resourceArn: ecrArn(scope, resource), ...failure }]
}

function placeIn(reader: Reader, { accountId, region }: Scope): Reader {
  return { ...reader, accountId, region }
}

function placeOf({ accountId, region }: Scope): string {
  return `${accountId} ${region}`
}

function nowOf({ readAt }: Reader): number {
  return Date.parse(readAt)
}

function lasting(reason: string): ReadFailure {
  return { reason, transience: 'lasting' }
}
