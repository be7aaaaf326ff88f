import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../../infra/bundle.ts'
import { createHandler } from '../../../lambdas/resource-change/create-handler.ts'
import { changingCalls } from '../../../shared/events/cloudtrail-table.ts'
import { parseResourceEvent } from '../../../shared/events/resource-event.ts'
import { judgeChange } from '../../../shared/live/changes/judge-change.ts'
import { type Area, judgingFunctions } from '../../../shared/live/function-names.ts'
import { InputError } from '../../../shared/model/errors.ts'
import { defaultSettings as settings } from '../../../shared/model/settings.ts'
import { rules } from '../../../shared/rules/index.ts'
import { ruleWatches } from '../../../shared/rules/rule-watches.ts'
import { account, callEvent, region, scanEvent } from './scenario.ts'

const now = new Date('2026-03-01T12:00:00.000Z')
const serviceArn = `arn:aws:ecs:${region}:${account}:service/main/web`
const taskDefinition = `arn:aws:ecs:${region}:${account}:task-definition/web:1`
/** A name of every kind, wherever a record of any call may hold it. */
const request = {
  ...{ repositoryName: 'app', ecrRepositoryPrefix: 'hub', roleName: 'puller', taskDefinition },
  ...{ name: 'main', nodegroupName: 'blue', fargateProfileName: 'serverless', subnets: ['subnet-1'] },
  ...{ vpcId: 'vpc-1', subnetId: 'subnet-1', routeTableId: 'rtb-1', groupId: 'sg-1', networkAclId: 'acl-1' },
  ...{ natGatewayId: 'nat-1', vpcEndpointId: 'vpce-0', vPC: { vPCId: 'vpc-1', vPCRegion: region } },
  ...{ policyArn: `arn:aws:iam::${account}:policy/pull`, setAsDefault: true },
}
const response = {
  taskDefinition: { taskDefinitionArn: taskDefinition },
  service: { serviceArn, taskDefinition },
  vpc: { vpcId: 'vpc-1' },
}
const setPolicy = callEvent('ecr', 'SetRepositoryPolicy', { repositoryName: 'app' })
const updateService = callEvent('ecs', 'UpdateService', {}, { response })
const inspectorScan = { ...scanEvent('app'), 'detail-type': 'Inspector2 Scan', source: 'aws.inspector2' }
const events = [
  ...changingCalls.map(({ service, name }) => callEvent(service, name, request, { response })),
  scanEvent('app'),
  inspectorScan,
]

interface Handed {
  readonly area: Area
  readonly event: unknown
}

async function handOn(
  event: unknown,
  variables: Readonly<Record<string, string>> = {},
  fails: (area: Area) => boolean = () => false,
) {
  const handed: Handed[] = []
  const lines: object[] = []
  const handler = createHandler({
    watches: ruleWatches,
    handOn: async (area, one) => {
      handed.push({ area, event: one })
      if (fails(area)) throw new Error(`${area} cannot be reached`)
    },
    variables: () => variables,
    log: () => ({ info: (_, fields) => void lines.push(fields), warn: () => undefined }),
    now: () => now,
  })
  const invokedFunctionArn = `arn:aws:lambda:${region}:${account}:function:pullpath-resource-change`
  const error: unknown = await handler(event, { invokedFunctionArn }).catch((one: unknown) => one)
  return { areas: handed.map(({ area }) => area), handed, lines, error }
}

describe('a change', () => {
  it('goes to the functions of the areas it concerns, as it came', async () => {
    const { handed, lines, error } = await handOn(updateService)
    expect(error).toBeUndefined()
    expect(handed.map(({ area }) => area)).toEqual(['image', 'role'])
    for (const { event } of handed) expect(event).toBe(updateService)
    expect(lines).toEqual([{ call: 'ecs:UpdateService', areas: 'image,role', missed: 0 }])
  })

  it('reaches the others when one function cannot be reached, and then the invocation fails', async () => {
    const { areas, error } = await handOn(updateService, {}, (area) => area === 'image')
    expect(areas).toEqual(['image', 'role'])
    expect(error).toEqual(new Error('1 function(s) could not be handed the event: image: image cannot be reached'))
  })

  it('that failed, or that is judged in another region, goes nowhere', async () => {
    const failed = callEvent('ecr', 'SetRepositoryPolicy', request, { detail: { errorCode: 'AccessDenied' } })
    const ofRole = callEvent('iam', 'PutRolePolicy', request)
    expect((await handOn(failed)).lines).toEqual([{ reason: 'the call failed' }])
    const elsewhere = await handOn(ofRole, { PULLPATH_HOME_REGION: 'us-east-1' })
    expect(elsewhere).toMatchObject({ areas: [], error: undefined })
    expect((await handOn(ofRole, { PULLPATH_HOME_REGION: region })).areas).toEqual(['role'])
  })
})

describe('the areas of a change', () => {
  it('are those whose rules the judging code decides after it, for every call and every rule', async () => {
    const differing: unknown[] = []
    let concerned = 0
    for (const event of events) {
      const asked = parseResourceEvent(event, now)
      if (asked.kind !== 'change') throw new Error('every event of the table is a change')
      for (const rule of rules) {
        let isJudged = false
        await judgeChange(asked.change, [{ rule, settings }], () => {
          isJudged = true
          throw new Error('nothing is looked at')
        })
        const { areas } = await handOn(event, { PULLPATH_RULES: rule.id })
        const wanted = isJudged ? [rule.area] : []
        if (areas.join() !== wanted.join()) differing.push([asked.change.call, rule.id, areas])
        if (isJudged) concerned += 1
      }
    }
    expect(differing).toEqual([])
    expect(concerned).toBeGreaterThan(400)
  })

  it('leave out what the deployment does not have', async () => {
    expect((await handOn(setPolicy)).areas).toEqual(['ecr'])
    expect((await handOn(setPolicy, { PULLPATH_RULE_SETS: 'ecr=none' })).areas).toEqual([])
    expect((await handOn(setPolicy, { PULLPATH_RULES: 'ecs-roles-separate' })).areas).toEqual([])
    const all = { PULLPATH_RULES: 'ecs-roles-separate', PULLPATH_RULE_SETS: 'ecr=all,role=recommended' }
    expect((await handOn(setPolicy, all)).areas).toEqual(['ecr'])
  })

  it.each([
    [{ PULLPATH_RULES: 'no-such-rule' }, 'environment variable PULLPATH_RULES: there is no such rule'],
    [{ PULLPATH_RULE_SETS: 'ecr=some' }, 'environment variable PULLPATH_RULE_SETS: expected area=recommended|all|none'],
  ])('are not guessed from %j', async (variables, message) => {
    expect((await handOn(setPolicy, variables)).error).toEqual(new InputError(message))
  })

  it('each have one function', () => {
    expect([...new Set(rules.map(({ area }) => area))].sort()).toEqual(Object.keys(judgingFunctions).sort())
  })
})

it('the function carries neither rules nor what judges and reads', async () => {
  const { metafile, outputFiles } = await build({
    ...{ absWorkingDir: projectRoot, entryPoints: ['lambdas/resource-change/handler.ts'], bundle: true },
    ...{ write: false, metafile: true, minify: true, platform: 'node', format: 'cjs', logLevel: 'silent' },
    external: ['@aws-sdk/*', '@smithy/*'],
  })
  const parts = Object.keys(metafile.inputs)
  const carried = parts.filter((path) =>
    /^shared\/(rules|engine|inventory|iam|pull|network|sources|sinks)\//.test(path),
  )
  expect(carried.sort()).toEqual(['shared/inventory/recordable-types.ts', 'shared/rules/rule-watches.ts'])
  expect(outputFiles[0]!.text.length).toBeLessThan(120_000)
})
