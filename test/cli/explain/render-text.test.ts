import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type RenderOptions, renderTraces as renderPieces } from '../../../cli/explain/render-text.ts'
import { symbolsFor } from '../../../cli/explain/symbols.ts'
import type { PullTrace } from '../../../shared/model/pull.ts'
import { hop, pullTrace } from '../../support/pull-traces.ts'

function renderTraces(traces: readonly PullTrace[], options: RenderOptions): string {
  return [...renderPieces(traces, options)].join('')
}

const plain: RenderOptions = { width: 80, color: false, symbols: symbolsFor({ LANG: 'en_US.UTF-8' }, 'linux') }
const ascii: RenderOptions = { ...plain, symbols: symbolsFor({ LANG: 'C' }, 'linux') }

const broken = pullTrace([
  hop({ hop: 'image', evidence: [{ source: 'image', detail: 'app:1' }] }),
  hop({
    hop: 'dns',
    status: 'fail',
    code: 'no-private-dns',
    reason: 'Private DNS of vpce-1 is off, so api.ecr.eu-central-1.amazonaws.com does not lead to it',
    evidence: [{ source: 'endpoint vpce-1', detail: 'privateDnsEnabled is false' }],
    fix: 'Turn on private DNS of vpce-1',
    assumptions: ['assumes a'],
  }),
  hop({ hop: 'security', status: 'skipped', reason: 'No request gets as far as this' }),
  hop({ hop: 'token', status: 'fail', reason: 'No token', fix: 'Allow it' }),
  hop({ hop: 'guardrails', status: 'unknown', reason: 'Policies are not known', assumptions: ['assumes a'] }),
])

describe('a path that breaks', () => {
  test('is drawn hop by hop, with proof and fix, at 80 columns', () => {
    expect(renderTraces([broken], plain)).toBe(
      [
        'web  AWS::ECS::Service  111122223333  eu-central-1',
        '  image    111122223333.dkr.ecr.eu-central-1.amazonaws.com/app:1',
        '  from     subnet-1, subnet-2',
        '  as       arn:aws:iam::111122223333:role/execution',
        '',
        '  ✓ image            image is fine',
        '  │           proof  image: app:1',
        '  ✓ principal        principal is fine',
        '  ✓ source           source is fine',
        '  ✗ dns              Private DNS of vpce-1 is off, so',
        '  ┆                  api.ecr.eu-central-1.amazonaws.com does not lead to it',
        '  ┆           proof  endpoint vpce-1: privateDnsEnabled is false',
        '  ┆             fix  Turn on private DNS of vpce-1',
        '  ✓ ecr-api          ecr-api is fine',
        '  ✓ ecr-dkr          ecr-dkr is fine',
        '  ✓ s3-layers        s3-layers is fine',
        '  ✓ endpoint-policy  endpoint-policy is fine',
        '  – security         No request gets as far as this',
        '  ✗ token            No token',
        '  ┆             fix  Allow it',
        '  ✓ pull-actions     pull-actions is fine',
        '  ? guardrails       Policies are not known',
        '  ✓ image-state      image-state is fine',
        '  ✓ ancillary        ancillary is fine',
        '',
        '  cannot pull: breaks at dns, and once that is mended at token',
        '  if       assumes a',
        '',
      ].join('\n'),
    )
  })

  test('is drawn in ASCII where the locale is not of UTF-8', () => {
    const text = renderTraces([broken], ascii)
    expect(text).toContain('  x dns              Private DNS')
    expect(text).toContain('  :             fix  Turn on')
    expect(text).toContain('  - security         No request')
    expect(text).toMatch(/^[\x20-\x7e\n]+$/)
  })

  test('from some subnets only names them', () => {
    const text = renderTraces([{ ...broken, intermittent: ['subnet-2'] }], plain)
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'cannot pull from subnet-2, though other subnets may work: breaks at dns, and once',
    )
  })

  test('carries no fix under hops that do not fail', () => {
    const text = renderTraces([pullTrace([hop({ hop: 'dns', fix: 'nothing to mend' })])], plain)
    expect(text).not.toContain('nothing to mend')
  })
})

test('a path that holds says how private it is and how much the role may do', () => {
  expect(renderTraces([pullTrace()], plain)).toMatch(
    /\n {2}can pull\n {2}privacy {2}A \(endpoints of the VPC\)\n {2}rights {3}B \(every repository, pull only\)\n$/,
  )
})

test('a path that is open names what would decide it', () => {
  const open = pullTrace([hop({ hop: 'dns', status: 'unknown' })], { missing: ['how a resolves', 'how b resolves'] })
  expect(renderTraces([open], plain)).toContain(
    '\n  cannot tell\n  needs    how a resolves\n  needs    how b resolves\n',
  )
})

test('several paths are counted below the last', () => {
  const text = renderTraces([broken, pullTrace(), pullTrace()], plain)
  expect(text.endsWith('\n\n3 pulls: 1 fail, 0 unknown, 2 pass\n')).toBe(true)
})

test('proofs of hops that hold are cut at two, of others at six', () => {
  const evidence = Array.from({ length: 8 }, (_, at) => ({ source: 's', detail: `proof number ${at}` }))
  const held = renderTraces([pullTrace([hop({ hop: 'dns', evidence })])], plain)
  expect(held.match(/proof number/g)).toHaveLength(2)
  expect(held).toContain('and 6 more (--format json has all)')
  const failed = renderTraces([pullTrace([hop({ hop: 'dns', status: 'fail', evidence })])], plain)
  expect(failed.match(/proof number/g)).toHaveLength(6)
  expect(failed).toContain('and 2 more')
})

test('a proof that only repeats the reason is left out', () => {
  const evidence = [{ source: 'way by rtb-1', detail: 'there is no route' }]
  const text = renderTraces(
    [pullTrace([hop({ hop: 'dns', reason: 'In subnet-1: there is no route', evidence })])],
    plain,
  )
  expect(text).not.toContain('way by rtb-1')
})

test('an object of a manifest says on which nodes it would run', () => {
  const { workload } = pullTrace()
  const arn = 'arn:aws:eks:eu-central-1:111122223333:nodegroup/main/workers/1#Deployment/prod/shop'
  const text = renderTraces([pullTrace([], { workload: { ...workload, arn } })], plain)
  expect(text).toContain('  on       arn:aws:eks:eu-central-1:111122223333:nodegroup/main/workers/1\n')
})

test.each([40, 80, 120])('no line is wider than a terminal of %d columns', (width) => {
  const long = pullTrace([hop({ hop: 'dns', status: 'fail', reason: 'word '.repeat(60), fix: 'x'.repeat(300) })], {
    missing: ['y'.repeat(200)],
    intermittent: ['subnet-1', 'subnet-2'],
  })
  // Below 51 columns texts keep 30 columns of their own.
  const most = Math.max(width, 51)
  for (const line of renderTraces([long, broken], { ...plain, width }).split('\n'))
    expect(line.length, line).toBeLessThanOrEqual(most)
})

test('a statement to add stands in one line, whole, to be copied', () => {
  const role = 'arn:aws:iam::111122223333:role/storefront-web-execution'
  const statement = JSON.stringify({ Effect: 'Allow', Action: ['ecr:BatchGetImage'], Resource: `${role}-of-something` })
  const fix = `Add to a policy of ${role}: ${statement}. Then try again.`
  const text = renderTraces([pullTrace([hop({ hop: 'dns', status: 'fail', fix })])], plain)
  expect(text).toContain(
    [
      '  ┆             fix  Add to a policy of',
      `  ┆                  ${role}:`,
      `  ┆                  ${statement}`,
      '  ┆                  Then try again.',
      '',
    ].join('\n'),
  )
})

test('colours change nothing but colours', () => {
  const colored = renderTraces([broken, pullTrace()], { ...plain, color: true })
  expect(colored).toContain('\u001b[')
  expect(stripVTControlCharacters(colored)).toBe(renderTraces([broken, pullTrace()], plain))
})

test('text of an account cannot steer the terminal', () => {
  const evil = '\u001b[2J\u202e'
  const trace = pullTrace(
    [
      hop({
        hop: 'dns',
        status: 'fail',
        reason: evil,
        fix: evil,
        evidence: [{ source: evil, detail: 'd' }],
        assumptions: [evil],
      }),
    ],
    { image: evil, subnets: [evil], principals: [evil], intermittent: [evil] },
  )
  const workload = { ...trace.workload, name: evil, arn: `${evil}#`, accountId: evil }
  const text = renderTraces([{ ...trace, workload }], plain)
  expect(text).toContain('\\u{1b}[2J\\u{202e}')
  for (const mark of evil.replace('[2J', '')) expect(text).not.toContain(mark)
})

test('an image too long to be one is cut, a long one that may be is not', () => {
  const long = `${'a/'.repeat(120)}app@sha256:${'0'.repeat(64)}`
  const text = renderTraces([pullTrace([], { image: long })], { ...plain, width: 120 })
  expect(text.replace(/\s+/g, '')).toContain(long)
  expect(renderTraces([pullTrace([], { image: 'x'.repeat(5000) })], plain).length).toBeLessThan(1000)
})
