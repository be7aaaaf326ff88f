/**
 * Writes shared/iam/aws-managed-policies/data.json: what the policies AWS manages say about registry actions.
 * Reads the IAM API with the credentials of the environment (iam:ListPolicies, iam:GetPolicyVersion), or a capture:
 *   node scripts/refresh-managed-policies.ts [--from capture.json] [--out data.json]
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { GetPolicyVersionCommand, IAMClient, type Policy, paginateListPolicies } from '@aws-sdk/client-iam'
import type { CapturedPolicy, ManagedPolicyCapture } from '../shared/iam/aws-managed-policies/managed-policies.ts'
import { patternsOverlap } from '../shared/iam/match/overlap.ts'
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  own,
  ownList,
  ownObject,
  ownString,
} from '../shared/model/json.ts'

/** A policy with its whole text. */
export interface WholePolicy {
  readonly name: string
  readonly versionId: string
  readonly document: JsonObject
}

const registryActions = ['ecr:*', 'ecr-public:*']
const readAtOnce = 4

/** Reads the default version of every policy AWS manages. Rejects at the first call that fails. */
export async function readManagedPolicies(client: IAMClient): Promise<readonly WholePolicy[]> {
  const found: WholePolicy[] = []
  for await (const page of paginateListPolicies({ client, pageSize: 1000 }, { Scope: 'AWS' })) {
    const listed = page.Policies ?? []
    for (let start = 0; start < listed.length; start += readAtOnce) {
      const batch = listed.slice(start, start + readAtOnce)
      found.push(...(await Promise.all(batch.map((policy) => readDefaultVersion(client, policy)))))
    }
  }
  return found
}

async function readDefaultVersion(
  client: IAMClient,
  { PolicyName: name, Arn, DefaultVersionId: versionId }: Policy,
): Promise<WholePolicy> {
  if (!name || !Arn || !versionId) throw new Error('ListPolicies named a policy without its ARN or default version')
  const answer = await client.send(new GetPolicyVersionCommand({ PolicyArn: Arn, VersionId: versionId }))
  // RFC 3986 encoding, in which a plus sign is a plus sign.
  const document: unknown = JSON.parse(decodeURIComponent(answer.PolicyVersion?.Document ?? ''))
  if (!isJsonObject(document)) throw new Error(`${Arn} ${versionId} is not a JSON object`)
  return { name, versionId, document }
}

/** Keeps of each policy what it says about registry actions. Throws when two policies bear one name. */
export function captureOf(policies: readonly WholePolicy[], capturedAt: string): ManagedPolicyCapture {
  const kept: [string, CapturedPolicy][] = []
  const without: string[] = []
  for (const { name, versionId, document } of policies) {
    const statements = ownList(document, 'Statement').flatMap((statement) => reducedStatement(statement))
    const language = ownString(document, 'Version') ?? '2008-10-17'
    if (statements.length > 0) kept.push([name, { versionId, language, statements }])
    else without.push(name)
  }
  return sortedCapture(capturedAt, kept, without)
}

function sortedCapture(
  capturedAt: string,
  kept: readonly (readonly [string, CapturedPolicy])[],
  without: readonly string[],
): ManagedPolicyCapture {
  const names = [...kept.map(([name]) => name), ...without]
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new Error(`two policies are named ${twice}`)
  return {
    capturedAt,
    policies: Object.fromEntries([...kept].sort(([a], [b]) => (a < b ? -1 : 1))),
    withoutRegistryActions: [...without].sort(),
  }
}

/**
 * The statement with the actions of other services left out; none when nothing remains. NotAction speaks of every
 * service, so such a statement stays as it is, and so does one that is not understood.
 */
function reducedStatement(statement: JsonValue): readonly JsonValue[] {
  if (!isJsonObject(statement) || own(statement, 'Action') === undefined) return [statement]
  const actions = ownList(statement, 'Action').filter((action) => typeof action !== 'string' || reachesRegistry(action))
  return actions.length === 0 ? [] : [{ ...statement, Action: actions }]
}

function reachesRegistry(action: string): boolean {
  return registryActions.some((registry) => patternsOverlap(action.toLowerCase(), registry))
}

/**
 * Reads a capture file: `capturedAt`, `policies` (by name: `versionId`, `document`) and `withoutRegistryActions`.
 * Throws with the path of what is missing.
 */
export function captureFromFile(json: JsonValue): ManagedPolicyCapture {
  if (!isJsonObject(json)) throw new Error('the capture is not a JSON object')
  const capturedAt = ownString(json, 'capturedAt')
  if (capturedAt === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(capturedAt)) throw new Error('capturedAt is not a date')
  const listed = ownObject(json, 'policies') ?? {}
  const whole = Object.entries(listed).map(([name, policy]): WholePolicy => {
    const versionId = isJsonObject(policy) ? ownString(policy, 'versionId') : undefined
    const document = isJsonObject(policy) ? ownObject(policy, 'document') : undefined
    if (versionId === undefined || document === undefined)
      throw new Error(`policies.${name} lacks versionId or document`)
    return { name, versionId, document }
  })
  if (whole.length === 0) throw new Error('policies is missing or empty')
  const { policies, withoutRegistryActions } = captureOf(whole, capturedAt)
  const names = ownList(json, 'withoutRegistryActions').filter((name) => typeof name === 'string')
  return sortedCapture(capturedAt, Object.entries(policies), [...withoutRegistryActions, ...names])
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}

async function main(): Promise<void> {
  const root = join(import.meta.dirname, '..')
  const from = option('--from')
  const out = resolve(option('--out') ?? join(root, 'shared/iam/aws-managed-policies/data.json'))
  const capture =
    from === undefined
      ? captureOf(await readManagedPolicies(iamClient()), new Date().toISOString().slice(0, 10))
      : captureFromFile(JSON.parse(readFileSync(from, 'utf8')) as JsonValue)
  writeFileSync(out, `${JSON.stringify(capture, null, 2)}\n`)
  if (out.startsWith(root)) execFileSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', out])
  const { policies, withoutRegistryActions } = capture
  process.stdout.write(
    `${out}: ${Object.keys(policies).length} policies with registry actions, ${withoutRegistryActions.length} without\n`,
  )
}

/** IAM allows few calls a second to one account: the client waits and tries again. */
function iamClient(): IAMClient {
  return new IAMClient({ region: 'us-east-1', retryMode: 'adaptive', maxAttempts: 10 })
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) await main()
