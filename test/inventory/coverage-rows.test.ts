import { expect, it } from 'vitest'
import { buildInventory } from '../../shared/inventory/build.ts'
import { absent, unknown } from '../../shared/model/fact.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'

const accountId = '111122223333'
const scope = { accountId, region: 'eu-west-1' }
const repositoryType = 'AWS::ECR::Repository'
const types = [repositoryType, 'AWS::IAM::Role']
const known = (resourceType: string, region = 'eu-west-1'): CoverageEntry => ({
  ...{ accountId, region, resourceType },
  status: 'known',
})
const nothing = (region: string, reason: string): CoverageEntry => ({
  ...{ accountId, region, resourceType: '*', reason },
  status: 'unknown',
})
const of = (coverage: readonly CoverageEntry[]) =>
  buildInventory({ items: [], types, coverage, assumeRecorded: true, scopesSeen: [] })

it('a row about every type of a region leaves each of them unknown, whatever their own rows say', () => {
  const inventory = of([known(repositoryType), nothing('eu-west-1', 'the region is not enabled')])
  expect(inventory.listing(repositoryType, scope)).toEqual(unknown('the region is not enabled'))
})

it('a row about every region of an account leaves the account unknown, its roles included, and no other account', () => {
  const other = { accountId: '444455556666', region: 'eu-west-1' }
  const inventory = of([nothing('*', 'the account could not be entered'), { ...known(repositoryType), ...other }])
  const reason = unknown('the account could not be entered')
  expect(inventory.listing(repositoryType, scope)).toEqual(reason)
  expect(inventory.listing('AWS::IAM::Role', { accountId, region: 'global' })).toEqual(reason)
  expect(inventory.listing(repositoryType, other)).toEqual(absent())
})

it('the ledger states such a row as it is, and no rows that only repeat it', () => {
  const row = nothing('*', 'the account could not be entered')
  expect(of([row, row]).coverage).toEqual([row])
})

it('no scope is called *', () => {
  expect(of([nothing('*', 'why'), known(repositoryType)]).scopes).toEqual([scope])
})

it('a row about one resource leaves the listing of its type as it is, and is in the ledger', () => {
  const row: CoverageEntry = { ...known(repositoryType), status: 'unknown', reason: 'denied', resourceArn: 'arn:a' }
  const inventory = of([row, known(repositoryType)])
  expect(inventory.listing(repositoryType, scope)).toEqual(absent())
  expect(inventory.coverage.filter(({ resourceType }) => resourceType === repositoryType)).toEqual([
    known(repositoryType),
    row,
  ])
})

it('a row about one resource of a type nobody asked for is not in the ledger', () => {
  const row: CoverageEntry = { ...known('AWS::EC2::VPC'), status: 'unknown', reason: 'denied', resourceArn: 'arn:a' }
  expect(of([row, known(repositoryType)]).coverage).not.toContainEqual(row)
})

it('an account of which only its organization was read has no rows about anything else', () => {
  const row = { ...known('AWS::Organizations::Organization', 'global'), accountId: '999988887777' }
  const rows = (coverage: readonly CoverageEntry[]) => of(coverage).coverage.map(({ accountId: id }) => id)
  expect(rows([row, known(repositoryType)])).not.toContain('999988887777')
  expect(rows([row, { ...known('AWS::IAM::Role', 'global'), accountId: '999988887777' }])).toContain('999988887777')
})
