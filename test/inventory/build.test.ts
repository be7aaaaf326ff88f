import { describe, expect, it } from 'vitest'
import { buildInventory, type InventoryParts } from '../../shared/inventory/build.ts'
import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import type { Deletion } from '../../shared/inventory/normalize-item.ts'
import { absent, known, unknown } from '../../shared/model/fact.ts'
import type { JsonObject } from '../../shared/model/json.ts'

const scope = { accountId: '111122223333', region: 'eu-west-1' }
const repositoryType = 'AWS::ECR::Repository'
const policyType = 'AWS::ECR::RegistryPolicy'
const scanningType = 'AWS::ECR::RegistryScanningConfiguration'
const types = [repositoryType, policyType, scanningType]

function item(over: Partial<ConfigurationItem> = {}): ConfigurationItem {
  const resourceId = over.resourceId ?? 'app'
  return {
    ...scope,
    resourceType: repositoryType,
    resourceId,
    resourceName: undefined,
    arn: `arn:aws:ecr:eu-west-1:111122223333:repository/${resourceId}`,
    captureTime: '2026-01-01T00:00:00.000Z',
    status: 'OK',
    configuration: {},
    supplementaryConfiguration: {},
    tags: new Map(),
    ...over,
  }
}

function recorder(recordingGroup: JsonObject): ConfigurationItem {
  return item({
    resourceType: 'AWS::Config::ConfigurationRecorder',
    resourceId: 'default',
    arn: 'default',
    configuration: { recordingGroup },
  })
}

function deletion(over: Partial<Deletion> = {}): Deletion {
  const { resourceType, resourceId, arn } = item()
  return {
    ...scope,
    resourceType,
    resourceId,
    arn,
    captureTime: '2026-01-02T00:00:00.000Z',
    recordingStopped: false,
    ...over,
  }
}

function build(parts: Partial<InventoryParts>) {
  return buildInventory({ items: [], types, assumeRecorded: true, ...parts })
}

const assumption = `assumes the recorder records ${policyType}`

describe('the listing of a type', () => {
  it('is known when the files hold items of it', () => {
    expect(build({ items: [item()] }).listing(repositoryType, scope)).toEqual(known([item()]))
  })

  const other = item()
  const cases: readonly [name: string, type: string, parts: Partial<InventoryParts>, fact: unknown][] = [
    [
      'absent when the recorder records everything',
      policyType,
      { items: [recorder({ allSupported: true })] },
      absent(),
    ],
    [
      'absent when the recorder names the type',
      policyType,
      { items: [recorder({ allSupported: false, resourceTypes: [policyType] })] },
      absent(),
    ],
    [
      'absent when the recorder excludes others',
      policyType,
      {
        items: [
          recorder({
            recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' },
            exclusionByResourceTypes: { resourceTypes: [repositoryType] },
          }),
        ],
      },
      absent(),
    ],
    [
      'absent when a recorder in PascalCase names the type',
      policyType,
      {
        items: [
          item({
            resourceType: 'AWS::Config::ConfigurationRecorder',
            configuration: { RecordingGroup: { ResourceTypes: [policyType] } },
          }),
        ],
      },
      absent(),
    ],
    [
      'unknown when the recorder excludes the type',
      policyType,
      { items: [recorder({ exclusionByResourceTypes: { resourceTypes: [policyType] } })] },
      unknown(`the recorder does not record ${policyType} of account 111122223333 in eu-west-1`),
    ],
    [
      'unknown when the recorder names other types only',
      policyType,
      {
        items: [
          recorder({ recordingStrategy: { useOnly: 'INCLUSION_BY_RESOURCE_TYPES' }, resourceTypes: [repositoryType] }),
        ],
      },
      unknown(`the recorder does not record ${policyType} of account 111122223333 in eu-west-1`),
    ],
    [
      'absent with an assumption when nothing is known of the recorder',
      policyType,
      { items: [other] },
      absent([assumption]),
    ],
    [
      'absent with an assumption when the recorder does not say',
      policyType,
      { items: [recorder({})] },
      absent([assumption]),
    ],
    [
      'unknown without a recorder when settings forbid the assumption',
      policyType,
      { items: [other], assumeRecorded: false },
      unknown(`nothing says that the recorder records ${policyType} of account 111122223333 in eu-west-1`),
    ],
    [
      'unknown for a type AWS Config cannot record',
      scanningType,
      { items: [recorder({ allSupported: true })] },
      unknown(`AWS Config cannot record ${scanningType}`),
    ],
    [
      'unknown for an account without any item',
      policyType,
      { items: [item({ accountId: '444455556666' })] },
      unknown('no configuration item of account 111122223333 in eu-west-1 was read'),
    ],
    [
      'unknown for a type that was not read',
      'AWS::EC2::VPC',
      { items: [other] },
      unknown('AWS::EC2::VPC was not among the types that were read'),
    ],
    [
      'absent when a row says that all were looked at',
      scanningType,
      { coverage: [{ ...scope, resourceType: scanningType, status: 'known' }] },
      absent(),
    ],
    [
      'unknown when a row says so, items or not',
      repositoryType,
      {
        items: [other],
        coverage: [{ ...scope, resourceType: repositoryType, status: 'unknown', reason: 'access denied' }],
      },
      unknown('access denied'),
    ],
    [
      'unknown when rows disagree',
      policyType,
      {
        coverage: [
          { ...scope, resourceType: policyType, status: 'unknown', reason: 'denied' },
          { ...scope, resourceType: policyType, status: 'known' },
        ],
      },
      unknown('denied'),
    ],
    [
      'unknown when a file of the scope was not readable',
      policyType,
      {
        items: [recorder({ allSupported: true })],
        gaps: [{ ...scope, resourceType: undefined, reason: 'x.json: broken' }],
      },
      unknown('x.json: broken'),
    ],
    [
      'unaffected by a gap of another type',
      policyType,
      { items: [recorder({ allSupported: true })], gaps: [{ ...scope, resourceType: repositoryType, reason: 'x' }] },
      absent(),
    ],
    [
      'unknown when the file stated its own coverage and left the type out',
      policyType,
      { items: [other], scopesSeen: [{ ...scope, recordedByConfig: false }] },
      unknown('no configuration item of account 111122223333 in eu-west-1 was read'),
    ],
    [
      'unknown when the recorder stopped recording the type',
      repositoryType,
      { items: [other], deletions: [deletion({ recordingStopped: true })] },
      unknown(`the recorder stopped recording ${repositoryType} of account 111122223333 in eu-west-1`),
    ],
    [
      'absent when only skipped items prove that the scope is recorded',
      policyType,
      { scopesSeen: [{ ...scope, recordedByConfig: true }] },
      absent([assumption]),
    ],
  ]
  it.each(cases)('is %s', (_, type, parts, fact) => {
    expect(build(parts).listing(type, scope)).toEqual(fact)
  })

  it('of a global type rests on any item and any recorder of the account', () => {
    const global = { ...scope, region: 'global' }
    const list = (items: ConfigurationItem[]) =>
      build({ items, types: ['AWS::IAM::Role'] }).listing('AWS::IAM::Role', global)
    expect(list([item()])).toEqual(absent(['assumes the recorder records AWS::IAM::Role']))
    expect(list([recorder({ allSupported: true, includeGlobalResourceTypes: true })])).toEqual(absent())
    expect(list([recorder({ allSupported: true })])).toEqual(
      unknown('no recorder of account 111122223333 that was read records AWS::IAM::Role'),
    )
  })
})

describe('the newest word about a resource', () => {
  const older = item({ captureTime: '2025-12-31T00:00:00.000Z', resourceName: 'older' })
  const newer = item({ resourceName: 'newer' })

  it('wins whatever the order', () => {
    for (const items of [
      [older, newer],
      [newer, older],
    ])
      expect(build({ items }).items(repositoryType)).toEqual([newer])
  })

  it('removes the resource when it is a deletion', () => {
    expect(build({ items: [older, newer], deletions: [deletion()] }).items(repositoryType)).toEqual([])
  })

  it('keeps a resource that was made again after its deletion, or at the same time', () => {
    for (const captureTime of ['2025-12-31T12:00:00.000Z', newer.captureTime])
      expect(build({ items: [older, newer], deletions: [deletion({ captureTime })] }).items(repositoryType)).toEqual([
        newer,
      ])
  })

  it('finds the resource by its id when the deletion names no ARN', () => {
    const vpc = item({
      resourceType: 'AWS::EC2::VPC',
      resourceId: 'vpc-1',
      arn: 'arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1',
    })
    const gone = deletion({ resourceType: 'AWS::EC2::VPC', resourceId: 'vpc-1', arn: 'vpc-1' })
    expect(build({ items: [vpc], deletions: [gone] }).items('AWS::EC2::VPC')).toEqual([])
    expect(
      build({ items: [vpc], deletions: [{ ...gone, arn: 'vpc-2', resourceId: 'vpc-2' }] }).items('AWS::EC2::VPC'),
    ).toEqual([vpc])
  })
})

describe('the inventory', () => {
  it('is the same whatever the order of its parts, and sorted', () => {
    const items = ['c', 'a', 'b'].map((resourceId) => item({ resourceId }))
    const more = [...items, item({ accountId: '000011112222' }), item({ region: 'ap-south-1', arn: 'x' })]
    const one = build({ items: more })
    expect(one.items(repositoryType).map((each) => `${each.accountId} ${each.region} ${each.resourceId}`)).toEqual([
      '000011112222 eu-west-1 app',
      '111122223333 ap-south-1 app',
      '111122223333 eu-west-1 a',
      '111122223333 eu-west-1 b',
      '111122223333 eu-west-1 c',
    ])
    const two = build({ items: [...more].reverse() })
    expect(JSON.stringify(two)).toBe(JSON.stringify(one))
  })

  it('keeps a ledger of each scope and each type that belongs there', () => {
    const items = [item(), item({ resourceType: 'AWS::IAM::Role', region: 'global', arn: 'r' })]
    expect(build({ items, types: [repositoryType, scanningType, 'AWS::IAM::Role'] }).coverage).toEqual([
      { ...scope, resourceType: scanningType, status: 'unknown', reason: `AWS Config cannot record ${scanningType}` },
      { ...scope, resourceType: repositoryType, status: 'known' },
      { ...scope, region: 'global', resourceType: 'AWS::IAM::Role', status: 'known' },
    ])
  })

  it('has one registry for each regional scope, the same each time it is asked', () => {
    const inventory = build({ items: [item(), item({ region: 'global', resourceType: 'AWS::IAM::Role', arn: 'r' })] })
    expect(inventory.scopes).toEqual([scope, { ...scope, region: 'global' }])
    expect(inventory.registries.map((one) => one.ref)).toEqual([
      {
        type: 'AWS::::Account',
        id: '111122223333',
        arn: 'arn:aws:ecr:eu-west-1:111122223333:registry/111122223333',
        ...scope,
      },
    ])
    expect(inventory.registryOf(scope)).toBe(inventory.registries[0])
    expect(inventory.registryOf(scope).policy).toEqual(absent([assumption]))
    expect(inventory.registryOf(scope).scanning).toEqual(unknown(`AWS Config cannot record ${scanningType}`))
  })
})
