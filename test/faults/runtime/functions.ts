import { InvokeCommand } from '@aws-sdk/client-lambda'
import { createHandler as createAuditor } from '../../../lambdas/config-rule/create-handler.ts'
import type { Dependencies } from '../../../lambdas/config-rule/dependencies.ts'
import { invokeItself } from '../../../lambdas/config-rule/invoke-itself.ts'
import { createHandler as createPublisher } from '../../../lambdas/finding-publisher/create-handler.ts'
import { byEnvelope } from '../../../lambdas/pull-failure/by-envelope.ts'
import { createHandler as createPullFailure } from '../../../lambdas/pull-failure/create-handler.ts'
import { publisher } from '../../../lambdas/pull-failure/publish.ts'
import { workWith } from '../../../lambdas/pull-failure/work.ts'
import { createHandler as createResourceChange } from '../../../lambdas/resource-change/create-handler.ts'
import { judgingFunctions } from '../../../shared/live/function-names.ts'
import { ecrSource } from '../../../shared/live/sources/ecr.ts'
import { roleSources } from '../../../shared/live/sources/role-sources.ts'
import { serviceSight } from '../../../shared/live/sources/service-sight.ts'
import { vpcSight } from '../../../shared/live/sources/vpc.ts'
import { ruleIds } from '../../../shared/rules/rule-ids.ts'
import { ruleWatches } from '../../../shared/rules/rule-watches.ts'
import { invokeLater, type LambdaCaller } from '../../../shared/runtime/invoke-later.ts'
import type { Clients } from '../../support/fake-aws/in-memory.ts'
import { type Area, ruleOf } from './estate.ts'

/** What Lambda hands a function beside the event. */
export interface Context {
  readonly invokedFunctionArn: string
  readonly getRemainingTimeInMillis: () => number
}
type Handler = (event: unknown, context: Context) => Promise<unknown>

/** A function as it is deployed. */
export interface DeployedFunction {
  /** Makes everything that lives as long as the process. */
  readonly start: (parts: Outside) => Handler
  /** Its time limit, milliseconds. */
  readonly limit: number
}

/** What the functions have outside themselves; time and clients are those of whoever runs them. */
export interface Outside {
  readonly clients: Clients
  readonly variables: Readonly<Record<string, string>>
  readonly now: () => Date
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly random: () => number
}

export const publisherName = 'pullpath-finding-publisher'
export const pullFailureName = 'pullpath-pull-failure'
export const resourceChangeName = 'pullpath-resource-change'

/** Every function of a member account, by name, with the rules of the estate. */
export const functions: ReadonlyMap<string, DeployedFunction> = new Map<string, DeployedFunction>([
  [judgingFunctions.ecr, { limit: 300_000, start: (outside) => auditor(outside, 'ecr', ecrSight(outside)) }],
  [judgingFunctions.role, { limit: 300_000, start: (outside) => auditor(outside, 'role', roleSight(outside)) }],
  [judgingFunctions.vpc, { limit: 300_000, start: (outside) => auditor(outside, 'vpc', networkSight(outside)) }],
  [resourceChangeName, { limit: 300_000, start: resourceChange }],
  [pullFailureName, { limit: 300_000, start: pullFailure }],
  [publisherName, { limit: 60_000, start: findingPublisher }],
])

const quiet = { info: () => undefined, warn: () => undefined }
const uncounted = { count: () => undefined, flush: () => undefined }
const common = { log: () => quiet, metrics: () => uncounted }
type Sight = Pick<Dependencies, 'sources' | 'vpcs' | 'services'>

function auditor({ clients, variables, ...time }: Outside, area: Area, sight: Sight): Handler {
  return createAuditor({
    ...{ ...common, ...time, ...sight, rules: [ruleOf[area]], ruleIds },
    clients: () => clients,
    sqs: () => clients.sqs,
    variables: () => variables,
    continueLater: (functionArn, event) => invokeItself(callerOf(clients))(functionArn, event),
  })
}

function ecrSight({ clients }: Outside): Sight {
  return { sources: () => [ecrSource(clients.ecr)] }
}

function roleSight({ clients }: Outside): Sight {
  return { sources: () => roleSources(clients) }
}

/** What it remembers lives as long as the process. */
function networkSight({ clients }: Outside): Sight {
  const { source, vpcs } = vpcSight(clients)
  return { sources: () => [source], vpcs: () => vpcs }
}

function serviceEyes({ clients }: Outside): Sight {
  const { source, services } = serviceSight(clients)
  return { sources: () => [source], services: () => services }
}

function resourceChange({ clients, variables, now }: Outside): Handler {
  const judged: ReadonlySet<string> = new Set(Object.values(ruleOf).map(({ id }) => id))
  return createResourceChange({
    ...{ ...common, now, watches: ruleWatches.filter(({ id }) => judged.has(id)) },
    handOn: (area, event) => invokeLater(callerOf(clients), judgingFunctions[area], event, 'the event'),
    variables: () => variables,
  })
}

function pullFailure(outside: Outside): Handler {
  const { clients, variables: values, now, sleep, random } = outside
  const variables = () => values
  const publish = publisher({
    ...{ variables, log: common.log, sleep, random },
    sqs: () => clients.sqs,
    securityHub: () => clients.securityHub,
  })
  const work = workWith({ ...common, sleep, random, clients: () => clients, publish, variables, ruleIds })
  const images = auditor(outside, 'image', serviceEyes(outside))
  return byEnvelope(
    async (event, context) => void (await createPullFailure({ now, load: async () => work })(event, context)),
    async () => async (event, context) => void (await images(event, context)),
  )
}

function findingPublisher({ clients, variables: _, ...time }: Outside): Handler {
  return createPublisher({ ...common, ...time, securityHub: () => clients.securityHub })
}

function callerOf({ lambda }: Clients): LambdaCaller {
  return { invoke: (input) => lambda.send(new InvokeCommand(input)) }
}
