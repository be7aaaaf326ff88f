import { expect, it } from 'vitest'
import { lambdaEntries } from '../../infra/bundle.ts'
import { hubFunctions } from '../../infra/hub-config.ts'
import { functionRows } from '../ministack/rows.ts'

/** Every function that is deployed, of members and of the hub: `name entry`. */
const deployed = [
  ...Object.entries(lambdaEntries).map(([name, entry]) => `${name} ${entry}`),
  ...Object.values(hubFunctions).map(({ functionName, entry }) => `${functionName} ${entry}`),
]

it('every deployed function is run as Lambda runs it, by the file it is deployed from', () => {
  const run = new Set(functionRows.map(({ functionName, entry }) => `${functionName} ${entry}`))
  expect(deployed.length).toBeGreaterThanOrEqual(8)
  expect([...run].sort()).toEqual([...deployed].sort())
})

it('every way a function is invoked has a row of its own', () => {
  expect(functionRows.map(({ title }) => title).sort()).toEqual(
    [...new Set(functionRows.map(({ title }) => title))].sort(),
  )
  expect(functionRows.map(({ functionName, title }) => `${functionName}: ${title}`)).toEqual(
    expect.arrayContaining([
      'pullpath-ecr-policy-auditor: the daily sweep of the repositories',
      'pullpath-role-permission-auditor: the daily sweep of the roles',
      'pullpath-vpc-endpoint-auditor: the daily sweep of the VPCs',
      'pullpath-pull-failure: the daily sweep of the services',
      'pullpath-pull-failure: a service whose tasks do not start',
      'pullpath-pull-failure: a pull-through cache that could not fetch',
      'pullpath-pull-failure: an image that was not replicated',
      'pullpath-resource-change: a scan that has ended',
      'pullpath-organization-report: an account and region of a run',
    ]),
  )
})
