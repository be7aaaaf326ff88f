import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { auditors, eventFunctions } from '../../infra/config.ts'
import { hubFunctions, publishedPrefix } from '../../infra/hub-config.ts'
import { hubOf } from '../../shared/live/hub.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { readEnvironment } from '../../shared/runtime/environment.ts'
import { publishedNames } from '../../shared/sources/published/names.ts'
import { organizationTypes } from '../../shared/sources/published/organization-file.ts'
import { environmentOf } from './accounts.ts'
import type { Place } from './cloudformation.ts'
import { away, createHub, type Estate, home, startEstate } from './deployment-estate.ts'
import { type LambdaFront, startLambdaFront } from './lambda-front.ts'
import { createStackSet, createStacks, stackSetOf, variablesOf } from './member-stacks.ts'
import { servicesOf } from './services.ts'
import { ofType, type Stack } from './stack-values.ts'

const { functionName } = hubFunctions.organization

let estate: Estate
let hub: Stack
let hubPlace: Place
let front: LambdaFront

beforeAll(async () => {
  estate = await startEstate()
  hub = await createHub(estate)
  hubPlace = await estate.at(hub.accountId)
  const set = stackSetOf(hub)
  await createStackSet(await estate.atManagement(), set)
  await createStacks(await estate.atManagement(), set)
  front = await startLambdaFront()
  front.forwardTo(estate.moto.endpoint)
}, 300_000)
afterAll(async () => {
  await front?.close()
  estate?.moto.stop()
})

/**
 * Runs the code that the template has inline, with the variables that Lambda has. With keys of the management account: moto shows the
 * organization to no delegated administrator.
 */
async function invokeOrganization(): Promise<{
  readonly status: number
  readonly failed: boolean
  readonly text: string
}> {
  const [deployed] = ofType(hub, 'AWS::Lambda::Function').filter(({ FunctionName }) => FunctionName === functionName)
  const { credentials } = await estate.atManagement()
  front.load(deployed.Code.ZipFile, `arn:aws:lambda:${home}:${hub.accountId}:function:${functionName}`, {
    ...(await variablesOf(hubPlace)).get(functionName),
    ...(environmentOf(estate.moto.endpoint, credentials) as Record<string, string>),
    AWS_REGION: home,
  })
  const url = `${front.endpoint}/2015-03-31/functions/${functionName}/invocations`
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ source: 'aws.events' }) })
  const failed = answer.headers.has('x-amz-function-error')
  return { status: answer.status, failed, text: await answer.text() }
}

/** What people of the hub account edit. */
function editSettings(Body: string): Promise<unknown> {
  const Bucket = hub.physical.get('HubBucket')
  return servicesOf(hubPlace).s3.send(new PutObjectCommand({ Bucket, Key: 'source/settings.yaml', Body }))
}

it('the deployed hub publishes what every deployed member reads, each by its own variables', async () => {
  await editSettings('trustedAccounts: ["999988887777"]\nundetermined: leave\n')
  expect(await invokeOrganization()).toEqual({ status: 200, failed: false, text: 'null' })
  const readers = [...Object.values(auditors), eventFunctions.pullFailure].map((one) => one.functionName)
  for (const account of estate.accounts) {
    for (const region of [home, away]) {
      const place = await estate.at(account, region)
      const variables = await variablesOf(place)
      for (const name of readers) {
        const own = variables.get(name) ?? {}
        const read = hubOf(
          () => own,
          (bucketRegion) => servicesOf({ ...place, region: bucketRegion }).s3,
        )
        const reader = { accountId: account, region, readAt: new Date().toISOString() }
        const ids = catalogue.map(({ id }) => id)
        const { settingsText } = await read.settled(readEnvironment(own), reader, catalogue, ids)
        expect(JSON.parse(settingsText)).toEqual({ trustedAccounts: ['999988887777'], undetermined: 'leave' })
        const [source] = read.sources()
        const { items, gaps } = await source!.list(reader, organizationTypes)
        expect(gaps).toEqual([])
        const accounts = items.filter(({ resourceType }) => resourceType === 'AWS::Organizations::Account')
        expect(accounts.map(({ resourceId }) => resourceId).sort()).toEqual(
          [...estate.accounts, (await estate.atManagement()).accountId].sort(),
        )
      }
    }
  }
}, 120_000)

it('settings that are not valid are not published, and the function says so', async () => {
  await editSettings('trustedAccounts: [nobody]\n')
  const { failed, text } = await invokeOrganization()
  expect(failed).toBe(true)
  expect(JSON.parse(text).errorMessage).toContain('not published: Settings: ')
  const { Body } = await servicesOf(hubPlace).s3.send(
    new GetObjectCommand({
      Bucket: hub.physical.get('HubBucket'),
      Key: `${publishedPrefix}${publishedNames.settings}`,
    }),
  )
  expect(JSON.parse((await Body?.transformToString()) ?? '')).toMatchObject({ undetermined: 'leave' })
})
