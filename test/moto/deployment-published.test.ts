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
import { type StackAnswers, startStackAnswers } from './stack-answers.ts'
import { ofType, resourcesOf, type Stack } from './stack-values.ts'

const { functionName } = hubFunctions.organization

let estate: Estate
let hub: Stack
let hubPlace: Place
let front: LambdaFront
let cloudFormation: StackAnswers

beforeAll(async () => {
  estate = await startEstate()
  hub = await createHub(estate)
  hubPlace = await estate.at(hub.accountId)
  ;[front, cloudFormation] = await Promise.all([startLambdaFront(), startStackAnswers()])
  front.forwardTo(estate.moto.endpoint)
}, 300_000)
afterAll(async () => {
  await front?.close()
  cloudFormation?.close()
  estate?.moto.stop()
})

/**
 * Runs the code that the template has inline, with the variables that Lambda has. With keys of the management account: moto shows the
 * organization to no delegated administrator.
 */
async function invokeOrganization(event: object = { source: 'aws.events' }): Promise<{
  readonly status: number
  readonly failed: boolean
  readonly text: string
}> {
  const [deployed] = ofType(hub, 'AWS::Lambda::Function').filter(({ FunctionName }) => FunctionName === functionName)
  const { credentials } = await estate.atManagement()
  front.load(deployed.Code.ZipFile, `arn:aws:lambda:${home}:${hub.accountId}:function:${functionName}`, {
    ...(await variablesOf(hubPlace)).get(functionName),
    ...(environmentOf(estate.moto.endpoint, credentials) as Record<string, string>),
    ...{ AWS_REGION: home, CLOUDFORMATION_ANSWERS: cloudFormation.endpoint },
  })
  const url = `${front.endpoint}/2015-03-31/functions/${functionName}/invocations`
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(event) })
  const failed = answer.headers.has('x-amz-function-error')
  return { status: answer.status, failed, text: await answer.text() }
}

/** What people of the hub account edit. */
function editSettings(Body: string): Promise<unknown> {
  const Bucket = hub.physical.get('HubBucket')
  return servicesOf(hubPlace).s3.send(new PutObjectCommand({ Bucket, Key: 'source/settings.yaml', Body }))
}

/** The settings by which every function of every member goes, read by its own variables; the organization has to be there as well. */
async function settingsOfMembers(): Promise<readonly unknown[]> {
  const readers = [...Object.values(auditors), eventFunctions.pullFailure].map((one) => one.functionName)
  const all: unknown[] = []
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
        all.push(JSON.parse((await read.settled(readEnvironment(own), reader, catalogue, ids)).settingsText))
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
  expect(all).toHaveLength(estate.accounts.length * 2 * readers.length)
  return all
}

/** What CloudFormation sends for the resource of the hub's template, which moto leaves out. */
function creation(): { readonly event: object; readonly ids: Readonly<Record<string, string>> } {
  const [[LogicalResourceId = '', resource] = [], ...more] = [...resourcesOf(hub)].filter(
    ([, { Type }]) => Type === 'AWS::CloudFormation::CustomResource',
  )
  expect(more).toEqual([])
  expect(resource?.Properties.ServiceToken).toBe(`arn:aws:lambda:${home}:${hub.accountId}:function:${functionName}`)
  const StackId = `arn:aws:cloudformation:${home}:${hub.accountId}:stack/pullpath-hub/1a2b`
  const ids = { StackId, RequestId: 'request-1', LogicalResourceId }
  const event = {
    ...{ RequestType: 'Create', ResourceType: resource?.Type, ResourceProperties: resource?.Properties, ...ids },
    ResponseURL: `https://cloudformation-custom-resource-response-eucentral1.s3.${home}.amazonaws.com/answer?signed=yes`,
  }
  return { event, ids }
}

it('the hub publishes before its members are deployed: they work at once, although nobody has written settings', async () => {
  const { event, ids } = creation()
  expect(await invokeOrganization(event)).toEqual({ status: 200, failed: false, text: 'null' })
  const body = { Status: 'SUCCESS', PhysicalResourceId: 'pullpath-first-publication', ...ids }
  expect(cloudFormation.answers).toEqual([{ request: 'PUT /answer', contentType: undefined, body }])
  // CloudFormation goes on only then.
  const set = stackSetOf(hub)
  await createStackSet(await estate.atManagement(), set)
  await createStacks(await estate.atManagement(), set)
  const all = await settingsOfMembers()
  expect(all).toEqual(all.map(() => ({})))
}, 300_000)

it('the deployed hub publishes what every deployed member reads, each by its own variables', async () => {
  await editSettings('trustedAccounts: ["999988887777"]\nundetermined: leave\n')
  expect(await invokeOrganization()).toEqual({ status: 200, failed: false, text: 'null' })
  const all = await settingsOfMembers()
  expect(all).toEqual(all.map(() => ({ trustedAccounts: ['999988887777'], undetermined: 'leave' })))
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
