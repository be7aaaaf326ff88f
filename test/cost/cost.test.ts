import { describe, expect, it } from 'vitest'
import { functionDefaults } from '../../infra/config.ts'
import { type AlarmDefinition, alarmDefinitions } from '../../infra/derive/alarms.ts'
import { configRuleOf } from '../../infra/derive/config-rules.ts'
import { aimPerAccount, type Cost, costOf } from '../../shared/cost/cost.ts'
import { type Deployment, rulesOf } from '../../shared/cost/deployment.ts'
import { defaultEstate, type Estate, type RateName, type ResourceName } from '../../shared/cost/estate.ts'
import { isHomeOnly, workOf } from '../../shared/cost/evaluations.ts'
import { evaluationsCost, listPrices, type PriceName, withOwnPrices } from '../../shared/cost/prices.ts'
import { alarmCounts, alarmsOf, runtime } from '../../shared/cost/runtime.ts'
import { changeScopeOf } from '../../shared/rules/change-scope.ts'
import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import { rules } from '../../shared/rules/index.ts'

const recommended = rulesOf(rules, new Map(), () => undefined)

function deployment(parts: Partial<Deployment> = {}): Deployment {
  return {
    ...{ accounts: 1, regions: 1, rules: recommended, estate: defaultEstate, prices: listPrices },
    ...{ alarms: 'evidence', securityHub: true, hub: true },
    ...parts,
  }
}

function rule(parts: Partial<RuleMeta> & Pick<RuleMeta, 'judges'>): RuleMeta {
  return {
    ...{ id: 'a-rule', area: 'ecr', title: '', severity: 'LOW', why: '', fix: '', reads: [], frameworks: {}, url: '' },
    ...{ triggers: { change: true, scheduled: false, calls: [] }, defaultEnabled: true },
    ...parts,
  }
}

function estate(
  counts: Partial<Record<ResourceName, number>>,
  changed: Partial<Record<ResourceName, number>> = {},
  rates: Partial<Record<RateName, number>> = {},
): Estate {
  const merged = <N extends string>(defaults: ReadonlyMap<N, number>, own: Partial<Record<N, number>>) =>
    new Map([...defaults, ...(Object.entries(own) as [N, number][])])
  return {
    counts: merged(defaultEstate.counts, counts),
    changed: merged(defaultEstate.changed, changed),
    rates: merged(defaultEstate.rates, rates),
  }
}

function lineOf({ lines }: Cost, what: string) {
  return lines.find((line) => `${line.service}: ${line.what}` === what)
}

const afterChanges = 'AWS Config: evaluations after changes'
const ofEverything = 'AWS Config: evaluations of everything after changes of policies'
const ofAccount = 'AWS Config: results on the account, heartbeats among them'
const publishes = true
const organization = { accounts: 1_000, regions: 4 }

describe('examples of the bill, from the same model', () => {
  it('gives $28,860 for one rule each on repositories, VPCs and roles that judges everything daily', () => {
    const { dailyByOneRulePerType } = costOf(deployment(organization))
    expect(dailyByOneRulePerType.evaluations).toBe(28_860_000)
    expect(dailyByOneRulePerType.usd).toBeCloseTo(28_860, 6)
  })

  it('gives $10,860 for it when an account has its 200 repositories in all regions together', () => {
    const { dailyByOneRulePerType } = costOf(deployment({ ...organization, estate: estate({ repositories: 50 }) }))
    expect(dailyByOneRulePerType.usd).toBeCloseTo(10_860, 6)
  })

  it('gives $70 for one rule each on repositories and roles that writes what changes, $7 where a tenth differs', () => {
    const pair = [rule({ judges: 'AWS::ECR::Repository' }), rule({ judges: 'AWS::IAM::Role', area: 'role' })]
    const changes = (transitions: number) =>
      lineOf(
        costOf(deployment({ ...organization, rules: pair, estate: estate({}, {}, { transitions, deletions: 0 }) })),
        afterChanges,
      )!
    expect(changes(100).quantity).toBeCloseTo(70_000, 6)
    expect(changes(100).usd).toBeCloseTo(70, 6)
    expect(changes(10).usd).toBeCloseTo(7, 6)
  })

  it('gives $4,800 for one rule on task definitions where 40 are deployed a day', () => {
    const one = [rule({ judges: 'AWS::ECS::TaskDefinition' })]
    const deploying = estate({ services: 1 }, {}, { deployments: 1_200 })
    const cost = costOf(deployment({ ...organization, rules: one, estate: deploying }))
    expect(lineOf(cost, afterChanges)!.quantity).toBe(4_800_000)
    expect(lineOf(cost, afterChanges)!.usd).toBeCloseTo(4_800, 6)
  })

  it('gives $0.50 for the transitions of one report of 4,000 accounts and regions', () => {
    const cost = costOf(deployment({ ...organization, estate: estate({}, {}, { reports: 1 }) }))
    expect(lineOf(cost, 'Hub: Step Functions of the report')!.usd).toBeCloseTo(0.5, 3)
  })
})

describe('the bill of a month', () => {
  it('adds up to its lines', () => {
    const { lines, total, perAccount } = costOf(deployment({ accounts: 7, regions: 3 }))
    expect(total).toBeCloseTo(
      lines.reduce((sum, { usd }) => sum + usd, 0),
      9,
    )
    expect(perAccount).toBeCloseTo(total / 7, 9)
  })

  it('has for each line its quantity times its price, where there are no tiers', () => {
    const flat = costOf(deployment(organization)).lines
    expect(flat.length).toBeGreaterThan(20)
    for (const { what, quantity, usd, price } of flat) {
      expect(usd, what).toBeCloseTo(quantity * listPrices.get(price)!.usd, 6)
    }
  })

  it('grows with accounts in proportion, but for what the hub has once', () => {
    const member = (accounts: number) => costOf(deployment({ accounts, regions: 2, hub: false })).total
    expect(member(50)).toBeCloseTo(50 * member(1), 6)
  })

  it('has rules on roles in one region only', () => {
    const roles = rules.filter(isHomeOnly)
    expect(roles.length).toBeGreaterThan(3)
    const of = (regions: number) => lineOf(costOf(deployment({ regions, rules: roles, hub: false })), ofEverything)!
    expect(of(4).quantity).toBe(of(1).quantity)
  })

  it('has no line for Security Hub, its events or its queue where findings go to AWS Config only', () => {
    const cost = costOf(deployment({ securityHub: false }))
    for (const what of [
      'EventBridge: events',
      'SQS: requests, empty receives among them',
      'Security Hub: findings above the free ones',
      'AWS Config: evaluations that only prove a result token',
    ])
      expect(lineOf(cost, what), what).toMatchObject({ quantity: 0, usd: 0 })
  })

  it('has no hub lines without a hub', () => {
    const { lines } = costOf(deployment({ hub: false }))
    expect(lines.filter(({ service }) => ['Hub', 'S3', 'KMS'].includes(service))).toEqual([])
  })

  it('takes the first 10,000 findings of an account and region for nothing', () => {
    const findings = 'Security Hub: findings above the free ones'
    const quiet = costOf(deployment({ estate: estate({}, { policies: 0 }) }))
    expect(lineOf(quiet, findings)!.quantity).toBe(0)
    const busy = costOf(deployment({ estate: estate({}, { repositories: 1_000 }) }))
    expect(lineOf(busy, findings)!.quantity).toBeGreaterThan(10_000)
  })

  it('counts what is judged at first as often as rules judge it', () => {
    const pair = [rule({ judges: 'AWS::ECR::Repository' }), rule({ judges: 'AWS::IAM::Role' })]
    expect(costOf(deployment({ ...organization, rules: pair })).firstPass.evaluations).toBe(800_000 + 150_000)
  })
})

describe('the aim', () => {
  it('is not met at the default rates: heartbeats and alarms alone cost more', () => {
    const cost = costOf(deployment({ hub: false }))
    const heartbeats = lineOf(cost, ofAccount)!.usd
    const alarms = lineOf(cost, 'CloudWatch: alarms')!.usd
    expect(cost.perAccount < aimPerAccount).toBe(false)
    expect(heartbeats + alarms > aimPerAccount).toBe(true)
  })

  it('is met by the rules on ECR alone, to AWS Config only, without alarms, where nothing changes', () => {
    const ofEcr = recommended.filter(({ area }) => area === 'ecr')
    const still = estate(
      {},
      Object.fromEntries([...defaultEstate.changed].map(([name]) => [name, 0])),
      Object.fromEntries([...defaultEstate.rates].map(([name]) => [name, 0])),
    )
    const cost = costOf(deployment({ hub: false, securityHub: false, alarms: 'none', estate: still, rules: ofEcr }))
    expect(cost.perAccount).toBeLessThan(aimPerAccount)
  })
})

describe('the work of a rule', () => {
  const changing = estate(
    { repositories: 200, 'registry-policies': 1 },
    { repositories: 5, 'registry-policies': 100, 'creation-templates': 0 },
    { deletions: 0 },
  )

  it('judges one resource when it changes and all of them when what they rest on does', () => {
    const reads = ['AWS::ECR::RegistryPolicy']
    const work = workOf(rule({ judges: 'AWS::ECR::Repository', reads }), changing, { publishes, sends: 'everything' })
    expect(work).toMatchObject({ changes: 11, verdicts: 10, ofContext: 201, heartbeats: 0, proofs: 0, judged: 200 })
    // A tenth of the verdicts differ from what AWS Config shows.
    expect(work.ofChanges).toBeCloseTo(1, 9)
  })

  it('sends only what differs of them, as functions compare', () => {
    const reads = ['AWS::ECR::RegistryPolicy']
    const work = workOf(rule({ judges: 'AWS::ECR::Repository', reads }), changing, { publishes })
    expect(work.ofContext).toBeCloseTo(2, 9)
  })

  it('judges one VPC when its network changes', () => {
    const reads = ['AWS::EC2::Subnet', 'AWS::EC2::RouteTable']
    const network = estate({ vpcs: 3 }, { vpcs: 0 }, { 'network-changes': 6, transitions: 50 })
    const work = workOf(rule({ judges: 'AWS::EC2::VPC', reads }), network, { publishes })
    expect(work).toMatchObject({ verdicts: 6, ofContext: 0 })
    expect(work.ofChanges).toBeCloseTo(3, 9)
  })

  it('puts nothing after a change that leaves the verdict, and the next sweep proves nothing', () => {
    const still = estate({ repositories: 29 }, { repositories: 100 }, { drift: 0, transitions: 0, deletions: 0 })
    const changing = rule({ judges: 'AWS::ECR::Repository', triggers: { change: true, scheduled: true, calls: [] } })
    // The proof is that of the day on which everything is refreshed.
    expect(workOf(changing, still, { publishes, beats: true })).toMatchObject({
      ...{ changes: 29, verdicts: 29, ofChanges: 0, proofs: 1, heartbeats: 30 },
    })
  })

  it('puts the verdict on each new revision of a task definition', () => {
    const deploying = estate({ services: 25 }, { 'task-definitions': 0 }, { deployments: 4, transitions: 0 })
    const definitions = rule({ judges: 'AWS::ECS::TaskDefinition', reads: ['AWS::ECS::Service'] })
    const work = workOf(definitions, deploying, { publishes })
    expect(work.ofChanges).toBe(100)
    // Each deployment changes the service too.
    expect(work.verdicts).toBeGreaterThan(200)
  })

  it('proves the result token before each result that a deletion takes away', () => {
    const deleting = estate({ repositories: 200 }, { repositories: 5 }, { deletions: 20, transitions: 0, drift: 0 })
    const one = rule({ judges: 'AWS::ECR::Repository' })
    expect(workOf(one, deleting, { publishes })).toMatchObject({ verdicts: 10, ofChanges: 2, proofs: 2, drift: 0 })
    // Where nobody else is told, nothing has to come before it.
    expect(workOf(one, deleting, { publishes: false })).toMatchObject({ ofChanges: 2, proofs: 0 })
    const half = estate({ repositories: 200 }, { repositories: 5 }, { deletions: 20, transitions: 50 })
    expect(workOf(one, half, { publishes }).ofChanges).toBeCloseTo(2 + 8 / 2, 9)
  })

  it('has a sweep take away what no change tells of, after a proof', () => {
    const deleting = estate({ repositories: 600 }, { repositories: 50 }, { deletions: 10, drift: 0 })
    const scheduled = { change: false, scheduled: true, calls: [] }
    const work = workOf(rule({ judges: 'AWS::ECR::Repository', triggers: scheduled }), deleting, { publishes })
    expect(work).toMatchObject({ verdicts: 0, ofChanges: 0, drift: 30 })
    expect(work.proofs).toBeCloseTo(30 * (1 - Math.exp(-1)) + 1, 9)
    const silent = workOf(rule({ judges: 'AWS::ECR::Repository' }), deleting, { publishes })
    expect(silent.drift).toBe(0)
  })

  it('has a sweep take away the verdict on each revision that a deployment leaves behind', () => {
    const deploying = estate({ services: 25 }, { 'task-definitions': 0 }, { deployments: 4, transitions: 0, drift: 0 })
    const definitions = rule({
      judges: 'AWS::ECS::TaskDefinition',
      triggers: { change: true, scheduled: true, calls: [] },
    })
    expect(workOf(definitions, deploying, { publishes })).toMatchObject({ ofChanges: 100, drift: 100 })
  })

  it('judges the node groups of a cluster when the cluster changes', () => {
    const reads = ['AWS::EKS::Cluster']
    const clusters = estate({ clusters: 2, 'node-groups': 6 }, { clusters: 100 })
    expect(workOf(rule({ judges: 'AWS::EKS::Nodegroup', reads }), clusters, { publishes }).verdicts).toBe(6)
  })

  const triggers = { change: false, scheduled: true, calls: [] }
  const swept = rule({ judges: 'AWS::ECR::Repository', triggers })

  it('has a heartbeat each day if it is that of its function, and a proof on the day everything is refreshed', () => {
    const still = estate({ repositories: 29 }, {}, { drift: 0, deletions: 0 })
    const work = workOf(swept, still, { publishes, beats: true })
    expect(work).toMatchObject({ changes: 0, sweeps: 30, heartbeats: 30, proofs: 1, drift: 0, refreshed: 30 })
  })

  it('has the result on the account once a week if it is not, and after each sweep that sends something', () => {
    const still = estate({ repositories: 29 }, {}, { drift: 0, deletions: 0 })
    expect(workOf(swept, still, { publishes }).heartbeats).toBeCloseTo(30 / 7, 9)
    const always = estate({ repositories: 1_000 }, {}, { drift: 100 })
    expect(workOf(swept, always, { publishes }).heartbeats).toBeCloseTo(30, 6)
    expect(workOf(swept, always, { publishes }).proofs).toBeCloseTo(1, 9)
  })

  it('has a proof in the sweep after a change, and in each of node groups, but none where nothing is published', () => {
    const changing = rule({ judges: 'AWS::ECR::Repository', triggers: { ...triggers, change: true } })
    const busy = estate({ repositories: 1_000 }, { repositories: 100 }, { drift: 0, transitions: 100, deletions: 0 })
    expect(workOf(changing, busy, { publishes }).proofs).toBeCloseTo(31, 6)
    const groups = rule({ judges: 'AWS::EKS::Nodegroup', triggers })
    expect(workOf(groups, defaultEstate, { publishes }).proofs).toBe(30)
    expect(workOf(changing, busy, { publishes: false })).toMatchObject({ proofs: 0, heartbeats: 30 / 7 })
  })
})

describe('what the model says of the deployment', () => {
  it('has the scope of changes that the template gives each rule', () => {
    for (const one of rules) expect(configRuleOf(one).scope, one.id).toEqual(changeScopeOf(one))
  })

  it('has as many alarms as the template', () => {
    const counted = (some: readonly AlarmDefinition[]) => ({
      ofArea: some.filter(({ area }) => area === 'vpc').length,
      always: some.filter(({ area, publishing }) => area === undefined && !publishing).length,
      publishing: some.filter(({ area, publishing }) => area === undefined && publishing).length,
    })
    const definitions = alarmDefinitions(rules)
    const evidence = definitions.filter(({ level }) => level === 'evidence')
    expect(alarmCounts).toEqual({ none: counted([]), evidence: counted(evidence), all: counted(definitions) })
    const areas = new Set(rules.map(({ area }) => area)).size
    expect(alarmsOf('all', areas, true)).toBe(definitions.length)
    expect(alarmsOf('evidence', areas, true)).toBe(evidence.length)
  })

  it('has the memory of the functions', () => {
    expect(runtime.memoryGigabytes * 1_024).toBe(functionDefaults.memoryMegabytes)
  })

  it('counts every type a rule judges', () => {
    for (const one of rules) expect(workOf(one, defaultEstate, { publishes }).judged, one.id).toBeGreaterThan(0)
  })
})

describe('prices', () => {
  it.each([
    [0, 0],
    [100_000, 100],
    [100_001, 100.0008],
    [500_000, 420],
    [1_000_000, 670],
  ])('%i evaluations of an account and region cost $%d', (evaluations, usd) => {
    expect(evaluationsCost(evaluations, listPrices)).toBeCloseTo(usd, 9)
  })

  it('have tiers in each account and region, not over the organization', () => {
    const one = [rule({ judges: 'AWS::ECR::Repository', triggers: { change: false, scheduled: true, calls: [] } })]
    const big = estate({ repositories: 10_000 })
    const usd = (parts: Partial<Deployment>) =>
      costOf(deployment({ rules: one, estate: big, ...parts })).dailyByTheseRules.usd
    // 300,000 evaluations each: 100,000 at $0.001 and 200,000 at $0.0008.
    expect(usd({})).toBeCloseTo(260, 6)
    expect(usd({ accounts: 3, regions: 2 })).toBeCloseTo(6 * 260, 6)
  })

  it('say where they are from, and which nobody has read', () => {
    const all = [...listPrices.values()]
    expect(all.every(({ source, date, unit }) => source !== '' && date !== '' && unit !== '')).toBe(true)
    expect(all.filter(({ status }) => status !== 'read').map(({ name }) => name)).toEqual([
      'config-item',
      'custom-metric',
      'security-hub-event',
    ])
  })

  it('may be the own ones of a user, of known names', () => {
    const own = withOwnPrices(listPrices, new Map([['alarm', 0.07]]))
    expect(own.get('alarm' satisfies PriceName)).toMatchObject({ usd: 0.07, source: '--price' })
    expect(own.get('dashboard')).toEqual(listPrices.get('dashboard'))
    expect(() => withOwnPrices(listPrices, new Map([['nope', 1]]))).toThrow(
      '--price: unknown name "nope"; known: config-evaluation',
    )
  })
})

describe('the rules that are counted', () => {
  const ids = (some: readonly RuleMeta[]) => some.map(({ id }) => id)

  it('are the recommended ones of every area, unless sets say otherwise', () => {
    expect(ids(recommended)).toEqual(ids(rules.filter(({ defaultEnabled }) => defaultEnabled)))
    const sets = new Map([['ecr', 'all'] as const, ['role', 'none'] as const])
    const chosen = rulesOf(rules, sets, () => undefined)
    expect(ids(chosen.filter(({ area }) => area === 'ecr'))).toEqual(ids(rules.filter(({ area }) => area === 'ecr')))
    expect(chosen.some(({ area }) => area === 'role')).toBe(false)
  })

  it('follow settings, except in an area that has none', () => {
    const enabled = ({ id }: RuleMeta) =>
      new Map([
        ['ecr-repository-encrypted-with-cmk', true],
        ['ecr-repository-not-public', false],
        ['role-ci-trust-scoped', true],
      ]).get(id)
    const chosen = ids(rulesOf(rules, new Map([['role', 'none']]), enabled))
    expect(chosen).toContain('ecr-repository-encrypted-with-cmk')
    expect(chosen).not.toContain('ecr-repository-not-public')
    expect(chosen).not.toContain('role-ci-trust-scoped')
  })
})
