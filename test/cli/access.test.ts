import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pullpath-access-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function access(args: readonly string[], stdin = ''): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['cli/main.ts', 'access', ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(stdin)
  })
}

/** Decides what stands in `input`: a text, or a value that is written as JSON. */
async function decide(input: unknown, ...args: readonly string[]): Promise<Outcome> {
  const text = typeof input === 'string' ? input : JSON.stringify(input)
  const outcome = await access(['--input', '-', ...args], text)
  return outcome
}

interface Result {
  readonly name: string
  readonly decision: string
  readonly decidedBy: { readonly layer: string; readonly statement?: { readonly policy: string; readonly sid: string } }
  readonly missing: readonly { readonly kind: string; readonly key?: string; readonly policy?: string }[]
}

function results({ stdout }: Outcome): readonly Result[] {
  return JSON.parse(stdout) as readonly Result[]
}

const account = '111122223333'
const repository = `arn:aws:ecr:us-east-1:${account}:repository/app`

function request(changes: object = {}): object {
  return {
    principal: `arn:aws:iam::${account}:role/puller`,
    action: 'ecr:BatchGetImage',
    resource: { resource: repository, accountId: account },
    context: {},
    ...changes,
  }
}

function statement(changes: object = {}): object {
  return { Sid: 'Pull', Effect: 'Allow', Action: 'ecr:BatchGetImage', Resource: repository, ...changes }
}

function policy(...statements: readonly object[]): object {
  return { Version: '2012-10-17', Statement: statements }
}

const pull = policy(statement())

describe('decisions', () => {
  test('a bare policy that allows the action allows it, and the statement is named', async () => {
    const outcome = await decide({ request: request(), identityPolicies: [pull] })
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    expect(results(outcome)).toMatchObject([
      {
        name: 'case 1',
        decision: 'Allowed',
        decidedBy: { layer: 'identity', result: 'allowed', statement: { policy: 'identity policy 1', sid: 'Pull' } },
        missing: [],
      },
    ])
  })

  test('every layer of the input reaches the decision', async () => {
    const no = policy(statement({ Sid: 'No', Effect: 'Deny' }))
    const level = [
      { orgIdentifier: 'r-1', policies: [{ name: 'guard', policy: policy(statement({ Action: '*' })) }, no] },
    ]
    const named = statement({ Effect: 'Deny', Principal: '*', Resource: undefined })
    const base = { request: request(), identityPolicies: [{ name: 'mine', policy: pull }] }
    const outcome = await decide([
      { ...base, name: 'resource', resourcePolicy: policy(named) },
      { ...base, name: 'boundary', permissionBoundaries: [no] },
      { ...base, name: 'session', sessionPolicy: no },
      { ...base, name: 'scp', serviceControlPolicies: level },
      {
        ...base,
        name: 'rcp',
        resourceControlPolicies: [
          { orgIdentifier: 'r-1', policies: [policy(statement({ Effect: 'Deny', Principal: '*' }))] },
        ],
      },
      { ...base, name: 'endpoint', endpointPolicies: [policy(statement({ Effect: 'Deny', Principal: '*' }))] },
    ])
    const decided = results(outcome).map((one) => [one.name, one.decision, one.decidedBy.layer])
    expect(decided).toEqual(
      ['resource', 'boundary', 'session', 'scp', 'rcp', 'endpoint'].map((layer) => [layer, 'ExplicitlyDenied', layer]),
    )
    expect(outcome.code).toBe(0)
  })

  test('an absent, null or empty layer does not apply', async () => {
    const base = { request: request(), identityPolicies: [pull] }
    const outcome = await decide([
      {
        ...base,
        permissionBoundaries: [],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        endpointPolicies: [],
      },
      { ...base, resourcePolicy: null, sessionPolicy: null, permissionBoundaries: null },
      { request: request() },
    ])
    expect(results(outcome).map((one) => one.decision)).toEqual(['Allowed', 'Allowed', 'ImplicitlyDenied'])
  })

  test('an anonymous caller and a service are read', async () => {
    const open = policy(statement({ Principal: '*', Resource: undefined }))
    const service = policy(statement({ Principal: { Service: 'ecs-tasks.amazonaws.com' }, Resource: undefined }))
    const outcome = await decide([
      { request: request({ principal: { type: 'Anonymous' } }), resourcePolicy: open },
      { request: request({ principal: 'ecs-tasks.amazonaws.com' }), resourcePolicy: service },
      { request: request({ principal: 'ec2.amazonaws.com' }), resourcePolicy: service },
    ])
    expect(results(outcome).map((one) => one.decision)).toEqual(['Allowed', 'Allowed', 'ImplicitlyDenied'])
  })
})

describe('context', () => {
  function conditional(condition: object): object {
    return { identityPolicies: [policy(statement({ Condition: condition }))] }
  }

  test('a key that is not stated is absent, a key that is null is unknown and named', async () => {
    const when = conditional({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })
    const outcome = await decide([
      { request: request({ context: { 'aws:principalorgid': 'o-1' } }), ...when },
      { request: request(), ...when },
      { request: request({ context: { 'aws:PrincipalOrgID': [] } }), ...when },
      { request: request({ context: { 'aws:PrincipalOrgID': null } }), ...when },
    ])
    expect(outcome.code).toBe(3)
    expect(results(outcome).map((one) => one.decision)).toEqual([
      'Allowed',
      'ImplicitlyDenied',
      'ImplicitlyDenied',
      'Unknown',
    ])
    expect(results(outcome)[3]!.missing).toMatchObject([
      { kind: 'contextKey', key: 'aws:PrincipalOrgID', policy: 'identity policy 1', position: 1 },
    ])
  })

  test('numbers, booleans and lists are values', async () => {
    const outcome = await decide([
      {
        request: request({ context: { 'aws:MultiFactorAuthAge': 30 } }),
        ...conditional({ NumericLessThan: { 'aws:MultiFactorAuthAge': '60' } }),
      },
      {
        request: request({ context: { 'aws:SecureTransport': true } }),
        ...conditional({ Bool: { 'aws:SecureTransport': 'true' } }),
      },
      {
        request: request({ context: { 'aws:TagKeys': ['a', 'b'] } }),
        ...conditional({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'b' } }),
      },
    ])
    expect(results(outcome).map((one) => one.decision)).toEqual(['Allowed', 'Allowed', 'Allowed'])
  })

  test('what follows from principal and resource is filled in, and a stated value wins', async () => {
    const derived = {
      StringEquals: {
        'aws:PrincipalAccount': account,
        'aws:PrincipalType': 'AssumedRole',
        'aws:ResourceAccount': account,
        'aws:RequestedRegion': 'us-east-1',
      },
      ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/puller` },
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    }
    const outcome = await decide([
      { request: request(), ...conditional(derived) },
      { request: request({ principal: `arn:aws:sts::${account}:assumed-role/puller/s` }), ...conditional(derived) },
      { request: request({ context: { 'aws:RequestedRegion': 'eu-west-1' } }), ...conditional(derived) },
    ])
    expect(results(outcome).map((one) => one.decision)).toEqual(['Allowed', 'Allowed', 'ImplicitlyDenied'])
  })

  test('a key named __proto__ is data', async () => {
    const text = JSON.stringify({
      request: request({ context: { K: 'x' } }),
      ...conditional({ StringEquals: { K: 'x' } }),
    })
    const outcome = await decide(text.replaceAll('"K"', '"__proto__"'))
    expect(results(outcome).map((one) => one.decision)).toEqual(['Allowed'])
  })
})

describe('policies that cannot be read', () => {
  function deep(levels: number): string {
    return `${'['.repeat(levels)}${']'.repeat(levels)}`
  }

  test.each([
    ['has no statement', '{"Version":"2012-10-17"}'],
    ['is empty', '{}'],
    ['is no object', '7'],
    ['holds a statement without an effect', '{"Statement":{"Action":"*","Resource":"*"}}'],
    ['nests a hundred thousand levels', `{"Statement":${deep(100_000)}}`],
    ['says an element twice', '{"Statement":{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}}'],
    [
      'says an element twice, once escaped',
      '{"Statement":{"Effect":"Deny","\\u0045ffect":"Allow","Action":"*","Resource":"*"}}',
    ],
    ['is longer than any policy', JSON.stringify(policy(statement({ Sid: 'x'.repeat(200_000) })))],
  ])('one that %s is named, and the other cases are decided', async (_, text) => {
    const bad = { request: request(), identityPolicies: [{ name: 'bad one', policy: 'HERE' }] }
    const good = { request: request(), identityPolicies: [pull] }
    const outcome = await decide(JSON.stringify([good, bad, good]).replace('"HERE"', text))
    expect(outcome).toMatchObject({ code: 3, stderr: '' })
    expect(results(outcome).map((one) => one.decision)).toEqual(['Allowed', 'Unknown', 'Allowed'])
    expect(results(outcome)[1]!.missing).toMatchObject([{ kind: 'document', policy: 'bad one' }])
  })

  test('an operator nobody knows is named', async () => {
    const odd = policy(statement({ Condition: { StringEqualz: { 'aws:username': 'x' } } }))
    const outcome = await decide({ request: request(), identityPolicies: [odd] })
    expect(results(outcome)[0]!.missing).toMatchObject([{ kind: 'operator', operator: 'StringEqualz' }])
    expect(outcome.code).toBe(3)
  })

  test('a bad policy in a case that is denied anyway leaves the denial standing', async () => {
    const denied = { request: request(), identityPolicies: [{}, policy(statement({ Effect: 'Deny' }))] }
    const outcome = await decide(denied)
    expect(results(outcome)[0]!.decision).toBe('ExplicitlyDenied')
    expect(outcome.code).toBe(0)
  })
})

describe('bad input', () => {
  const good = { name: 'good', request: request(), identityPolicies: [pull] }
  const fields =
    'name, request, identityPolicies, resourcePolicy, permissionBoundaries, sessionPolicy, serviceControlPolicies, resourceControlPolicies, endpointPolicies, registryPolicy, registryPolicyScope, managementAccountId'

  test.each<[string, object, string]>([
    [
      'no action',
      { request: request({ action: undefined }) },
      'request.action: expected an action such as "ecr:BatchGetImage"',
    ],
    [
      'an action with a wildcard',
      { request: request({ action: 'ecr:*' }) },
      'request.action: expected an action such as "ecr:BatchGetImage", without wildcards',
    ],
    [
      'a principal that is none',
      { request: request({ principal: 'me' }) },
      'request.principal: expected the ARN of a role, session, user or root user, a service such as "ecs.amazonaws.com", or {"type":"Anonymous"}',
    ],
    [
      'an account id of eleven digits',
      { request: request({ resource: { resource: '*', accountId: '11112222333' } }) },
      'request.resource.accountId: expected a 12-digit account id',
    ],
    [
      'a resource that is no ARN',
      { request: request({ resource: { resource: 'app', accountId: account } }) },
      'request.resource.resource: expected an ARN or "*"',
    ],
    [
      'an unknown field',
      { request: request(), identityPolicy: [] },
      `unknown field "identityPolicy"; expected ${fields}`,
    ],
    [
      'a list that is none',
      { request: request(), identityPolicies: pull },
      'identityPolicies: expected a list of policies',
    ],
    [
      'an unknown field beside a policy',
      { request: request(), identityPolicies: [{ name: 'x', policy: pull, arn: 'y' }] },
      'identityPolicies[0]: unknown field "arn"; expected a policy, or an object with name, policy',
    ],
    [
      'a level without a name',
      { request: request(), serviceControlPolicies: [{ policies: [] }] },
      'serviceControlPolicies[0].orgIdentifier: expected a non-empty text',
    ],
    [
      'a key that is an object',
      { request: request({ context: { 'aws:username': {} } }) },
      'request.context: "aws:username": expected a text, number, boolean, a list of those, or null when it is not known',
    ],
    [
      'a key in two spellings',
      { request: request({ context: { 'aws:username': 'a', 'AWS:UserName': 'b' } }) },
      'request.context: "AWS:UserName" occurs twice; the case of letters does not distinguish keys',
    ],
  ])('a case with %s is named with its field, after the other cases are decided', async (_, bad, problem) => {
    const outcome = await decide([bad, good])
    expect(outcome.stderr).toBe(`pullpath: standard input: case 1: ${problem}\n`)
    expect(outcome.code).toBe(2)
    expect(results(outcome).map((one) => [one.name, one.decision])).toEqual([['good', 'Allowed']])
  })

  test('the name of a bad case is shown, without what it would do to a terminal', async () => {
    const outcome = await decide({ name: 'a\u001b[31mb', request: request({ action: 1 }) })
    expect(outcome.stderr).toBe(
      'pullpath: standard input: case 1 "a\\u{1b}[31mb": request.action: expected an action such as "ecr:BatchGetImage"\n',
    )
  })

  test('a field outside the policies that occurs twice is refused', async () => {
    const text = JSON.stringify([good, good]).replace('"action":', '"action":"ecr:PutImage","action":')
    const outcome = await decide(text)
    expect(outcome.stderr).toBe('pullpath: standard input: case 1 "good": request.action: occurs twice in one object\n')
    expect(results(outcome)).toHaveLength(1)
  })

  test.each([
    [
      'text that is no JSON',
      '{',
      /^pullpath: standard input: is not valid JSON \(.*\); expected a case or a list of cases\n$/,
    ],
    ['nothing', '', /^pullpath: standard input: is not valid JSON \(.*\); expected a case or a list of cases\n$/],
    ['an empty list', '[]', /^pullpath: standard input: holds no case; expected a case or a list of cases\n$/],
  ])('%s is an input error of one line', async (_, text, line) => {
    const outcome = await decide(text)
    expect(outcome).toMatchObject({ code: 2, stdout: '' })
    expect(outcome.stderr).toMatch(line)
  })

  test('a file that is not there is named', async () => {
    const outcome = await access(['--input', 'no-such-file.json'])
    expect(outcome).toEqual({
      code: 2,
      stdout: '',
      stderr: 'pullpath: --input: no-such-file.json: cannot be read (ENOENT); expected a JSON file of cases\n',
    })
  })

  test('--input is required', async () => {
    const outcome = await access([])
    expect(outcome).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('output', () => {
  test('--output writes the decisions to a file', async () => {
    const input = join(folder, 'in.json')
    const output = join(folder, 'out.json')
    await writeFile(input, `\uFEFF${JSON.stringify({ name: 'one', request: request(), identityPolicies: [pull] })}`)
    expect(await access(['--input', input, '--output', output])).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(JSON.parse(await readFile(output, 'utf8'))).toMatchObject([{ name: 'one', decision: 'Allowed' }])
  })

  test('the table explains every statement, and shows nothing that steers a terminal', async () => {
    const statements = [
      statement({ Sid: '\u001b[2J' }),
      statement({ Sid: 'Elsewhere', Resource: `${repository}-other` }),
      statement({ Sid: 'Office', Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }),
    ]
    const one = {
      name: 'pull',
      request: request(),
      identityPolicies: [{ name: 'mine', policy: policy(...statements) }],
    }
    const outcome = await decide(one, '--format', 'table')
    expect(outcome.code).toBe(0)
    expect(outcome.stdout).not.toContain('\u001b')
    const lines = outcome.stdout.split('\n')
    expect(lines[0]).toBe('pull: Allowed')
    expect(lines).toContain(
      `  arn:aws:iam::${account}:role/puller asks for ecr:BatchGetImage on ${repository} of account ${account}`,
    )
    expect(lines).toContain('    Allow  mine, statement 1 "\\u{1b}[2J": matches')
    expect(lines).toContain('    Allow  mine, statement 2 "Elsewhere": does not match because of its resource')
    expect(lines).toContain(
      '    Allow  mine, statement 3 "Office": does not match because of its condition IpAddress aws:SourceIp',
    )
  })

  test('the table says what is missing', async () => {
    const when = statement({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })
    const one = { request: request({ context: { 'aws:PrincipalOrgID': null } }), identityPolicies: [policy(when), 5] }
    const outcome = await decide(one, '--format', 'table')
    expect(outcome.code).toBe(3)
    expect(outcome.stdout).toContain('case 1: Unknown\n')
    expect(outcome.stdout).toContain('    - the context key aws:PrincipalOrgID, for statement 1 of identity policy 1\n')
    expect(outcome.stdout).toContain(
      '    - identity policy 2: the policy is not a policy document: expected a JSON object\n',
    )
  })

  test('the table lists documents that cannot be read', async () => {
    const one = { request: request(), identityPolicies: [pull, { name: 'torn', policy: 5 }] }
    const outcome = await decide(one, '--format', 'table')
    expect(outcome.stdout.split('\n')).toContain(
      '    ?      torn: cannot be read: the policy is not a policy document: expected a JSON object',
    )
  })
})

test('an object of another account than the bucket is not granted by the bucket policy', async () => {
  const grant = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' }
  const resource = { resource: 'arn:aws:s3:::bucket/key', accountId: account }
  const one = (place: object) => ({
    request: request({ action: 's3:GetObject', resource: { ...resource, ...place } }),
    resourcePolicy: policy(grant),
  })
  const outcome = await decide([one({}), one({ bucketAccountId: account }), one({ bucketAccountId: '444455556666' })])
  expect(results(outcome).map(({ decision }) => decision)).toEqual(['Allowed', 'Allowed', 'Unknown'])
})
