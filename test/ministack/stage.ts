// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a function sent
import type { FakeAws, LoggedCall } from '../support/fake-aws/fake-aws.ts'
import { accountId, region } from './mini-stack.ts'

/** One write, in short: where to, about what, which verdict. */
export type Write = readonly (string | undefined)[]

/** An account, and an event that finds something to write in it. */
export interface Stage {
  /** Where the function's calls go, and what else it has to know of this account. */
  readonly environment: Readonly<Record<string, string>>
  readonly event: unknown
  /** What one invocation writes, in order. */
  readonly writes: readonly Write[]
  /** What the next invocation with the same event writes, when that is something else. */
  readonly again?: readonly Write[]
  /** What it answers; null unless told. */
  readonly answer?: unknown
  /** An invocation that may write nothing, and what the function says to it. */
  readonly refused: Refused
  /** Bodies of the writes that AWS describes in a model, since the start or the last `forget`. */
  readonly bodies: () => readonly LoggedCall[]
  /** What was written since the start or the last `forget`. */
  readonly written: () => readonly Write[]
  readonly forget: () => void
  readonly close: () => Promise<unknown>
}

/** An invocation that fails. */
export interface Refused {
  readonly event: unknown
  readonly message: string
  /** What goes wrong in the account, when it is not the event. */
  readonly cause?: () => void
  readonly mend?: () => void
}

/** One way to invoke one deployed function. */
export interface FunctionRow {
  readonly title: string
  readonly functionName: string
  /** File that is bundled, relative to the root. */
  readonly entry: string
  readonly variables?: Readonly<Record<string, string>>
  readonly stage: () => Promise<Stage>
  /** True when EventBridge brings the event. */
  readonly isFromBus?: true
}

/** A stage in an account of the fake AWS. */
export function inAccount(
  fake: FakeAws,
  parts: Pick<Stage, 'event' | 'writes' | 'again' | 'answer' | 'refused'>,
): Stage {
  return {
    environment: { AWS_ENDPOINT_URL: fake.endpoint },
    bodies: () => fake.calls.filter((call) => isWrite(call) && call.service !== 'lambda'),
    written: () => writesIn(fake.calls.filter(isWrite)),
    forget: () => {
      fake.calls.length = 0
    },
    close: fake.close,
    ...parts,
  }
}

/** The fake takes everything sent to Security Hub for an import; reading has filters. */
function isWrite({ service, operation, body }: LoggedCall): boolean {
  if (service === 'lambda' || operation === 'PutEvaluations') return true
  return operation === 'BatchImportFindings' && body.Findings !== undefined
}

function writesIn(calls: readonly LoggedCall[]): readonly Write[] {
  return calls.flatMap(({ service, operation, body }) => {
    if (service === 'lambda') return [['Lambda', body.FunctionName, JSON.parse(body.Payload).detail.eventName]]
    return operation === 'PutEvaluations'
      ? body.Evaluations.map((one: any) => evaluation(one, body.ResultToken))
      : body.Findings.map(finding)
  })
}

const evaluation = (one: any, token: string): Write => [
  ...['Config', token, one.ComplianceResourceType, one.ComplianceResourceId, one.ComplianceType],
]
const finding = (one: any): Write => [
  ...['Security Hub', one.GeneratorId, one.Resources[0].Id, one.Compliance?.Status, one.RecordState],
]

/** A moment ago: functions refuse what comes from the future, and clocks differ. */
export const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString()
/** An account that is not the function's. */
export const foreign = '444455556666'
/** ARN of a repository of the account. */
export const repositoryArn = (name: string) => `arn:aws:ecr:${region}:${accountId}:repository/${name}`
