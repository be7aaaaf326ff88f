import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { parseSettings, readSettingsText } from '../../shared/engine/settings.ts'
import { InputError } from '../../shared/model/errors.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import { compliant } from '../../shared/model/verdict.ts'
import { defineRule } from '../../shared/rules/define-rule.ts'

const rule = defineRule({
  id: 'ecr-sample',
  area: 'ecr',
  title: 'Samples are good',
  severity: 'LOW',
  why: 'because',
  fix: 'mend it',
  judges: 'AWS::ECR::Repository',
  reads: [],
  triggers: { change: true, scheduled: false, calls: [] },
  frameworks: {},
  defaultEnabled: true,
  url: 'https://docs.aws.amazon.com/',
  parameters: z.object({ limit: z.int().default(3) }),
  evaluate: () => compliant('fine'),
})

const parse = (text: string) => parseSettings(text, 'settings.yaml', [rule])

test('a full settings file is read', () => {
  const settings = parse(`
organizationId: o-exampleorg1
ownAccounts: ['111122223333']
trustedAccounts: ["444455556666"]
registryAdministrators: ['arn:aws:iam::111122223333:role/admin']
approvedRegistries: [public.ecr.aws]
undetermined: leave
assumeRecorded: false
network:
  centralEndpoints:
    - { vpcs: [vpc-0a1b2c3d], services: [ecr.api, ecr.dkr], note: the hub of the platform team }
    - { vpcs: ['*'], services: [s3] }
  requirePrivate: false
rules:
  ecr-sample: { enabled: false, severity: HIGH, parameters: { limit: 5 } }
`)
  expect(settings).toStrictEqual({
    organizationId: 'o-exampleorg1',
    ownAccounts: ['111122223333'],
    trustedAccounts: ['444455556666'],
    registryAdministrators: ['arn:aws:iam::111122223333:role/admin'],
    approvedRegistries: ['public.ecr.aws'],
    undetermined: 'leave',
    assumeRecorded: false,
    network: {
      centralEndpoints: [
        { vpcs: ['vpc-0a1b2c3d'], services: ['ecr.api', 'ecr.dkr'], note: 'the hub of the platform team' },
        { vpcs: ['*'], services: ['s3'] },
      ],
      requirePrivate: false,
    },
    rules: new Map([['ecr-sample', { enabled: false, severity: 'HIGH', parameters: new Map([['limit', 5]]) }]]),
    exceptions: [],
  })
})

test('an empty file means the defaults', () => {
  expect(parse('# nothing set\n')).toStrictEqual(defaultSettings)
})

test("what a rule leaves out stays the rule's own", () => {
  expect(parse('rules: { ecr-sample: {} }').rules.get('ecr-sample')).toStrictEqual({})
  expect(parse('rules: { ecr-sample: { enabled: false } }').rules.get('ecr-sample')).toStrictEqual({ enabled: false })
  expect(parse('rules: { ecr-sample: { severity: LOW } }').rules.get('ecr-sample')).toStrictEqual({ severity: 'LOW' })
})

test('rules known only by their id are passed over, and those of the catalogue are read even when named again', () => {
  const settings = parseSettings(
    'rules: { vpc-other: { enabled: false }, ecr-sample: { severity: LOW } }',
    'settings.yaml',
    [rule],
    ['vpc-other', 'ecr-sample'],
  )
  expect(settings.rules).toStrictEqual(new Map([['ecr-sample', { severity: 'LOW' }]]))
})

test('a settings file is kept as it says, an empty one as an empty object', () => {
  const read = (text: string) => readSettingsText(text, 'settings.yaml', [rule])
  expect(read('undetermined: leave\nrules: { ecr-sample: { enabled: true } }').value).toStrictEqual({
    undetermined: 'leave',
    rules: { 'ecr-sample': { enabled: true } },
  })
  expect(read('').value).toStrictEqual({})
  expect(read('').settings).toStrictEqual(defaultSettings)
})

test('a bug in the parameters of a rule is not blamed on the settings', () => {
  const broken = z.object({
    limit: z.int().refine(() => {
      throw new TypeError('a bug')
    }),
  })
  const text = 'rules: { ecr-sample: { parameters: { limit: 1 } } }'
  expect(() => parseSettings(text, 'settings.yaml', [{ id: 'ecr-sample', parameters: broken }])).toThrow(TypeError)
})

test('a part of the network settings leaves the rest at the defaults', () => {
  expect(parse('network: { requirePrivate: false }').network).toEqual({ centralEndpoints: [], requirePrivate: false })
  expect(parse('network: {}').network).toEqual({ centralEndpoints: [], requirePrivate: true })
})

describe('bad settings are refused in one line that names file, line, field and what was expected', () => {
  test.each([
    [
      'an unknown key',
      'organizationId: o-exampleorg1\ntrustedAcounts: []\n',
      'settings.yaml:2: trustedAcounts: unknown key; expected one of organizationId, ownAccounts',
    ],
    [
      'an unknown key of a rule',
      'rules:\n  ecr-sample:\n    enable: true\n',
      'settings.yaml:3: rules.ecr-sample.enable: unknown key; expected one of enabled, severity, parameters',
    ],
    ['an unknown rule', 'rules:\n  ecr-nothing: {}\n', 'settings.yaml:2: rules.ecr-nothing: unknown rule id'],
    [
      'an unknown parameter',
      'rules:\n  ecr-sample:\n    parameters: { limits: 1 }\n',
      'settings.yaml:3: rules.ecr-sample.parameters: ',
    ],
    [
      'a parameter of the wrong type',
      'rules:\n  ecr-sample:\n    parameters: { limit: many }\n',
      'settings.yaml:3: rules.ecr-sample.parameters.limit: ',
    ],
    [
      'an account id that YAML reads as a number',
      'ownAccounts:\n  - 111122223333\n',
      'settings.yaml:2: ownAccounts.0: expected a 12-digit account id in quotes',
    ],
    ['a bad severity', 'rules: { ecr-sample: { severity: high } }', 'settings.yaml:1: rules.ecr-sample.severity: '],
    [
      'an unknown key of the network',
      'network:\n  requirePrivate: true\n  requirePublic: false\n',
      'settings.yaml:3: network.requirePublic: unknown key; expected one of centralEndpoints, requirePrivate',
    ],
    [
      'an unknown key of central endpoints',
      'network:\n  centralEndpoints:\n    - vpcs: ["*"]\n      services: [s3]\n      notes: hub\n',
      'settings.yaml:5: network.centralEndpoints.0.notes: unknown key; expected one of vpcs, services, note',
    ],
    [
      'a VPC that is none',
      'network:\n  centralEndpoints:\n    - services: [s3]\n      vpcs:\n        - "*"\n        - subnet-1\n',
      'settings.yaml:6: network.centralEndpoints.0.vpcs.1: expected a VPC id (vpc-…), or "*" in quotes for every VPC',
    ],
    [
      'a service nobody pulls with',
      'network:\n  centralEndpoints:\n    - vpcs: ["*"]\n      services: [ecr-api]\n',
      'settings.yaml:4: network.centralEndpoints.0.services.0: ',
    ],
    [
      'central endpoints for nobody',
      'network: { centralEndpoints: [{ vpcs: [], services: [s3] }] }',
      'settings.yaml:1: network.centralEndpoints.0.vpcs: expected at least one VPC id, or "*"',
    ],
    [
      'a requirement that is neither true nor false',
      'network:\n  requirePrivate: sometimes\n',
      'settings.yaml:2: network.requirePrivate: ',
    ],
    ['text that is not YAML', 'rules: [\n', 'settings.yaml:2: not valid YAML: '],
    ['a key given twice', 'undetermined: leave\nundetermined: report\n', 'settings.yaml:2: not valid YAML: '],
  ])('%s', (_name, text, message) => {
    let caught: unknown
    try {
      parse(text)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(InputError)
    expect((caught as InputError).message.replace('parameters: rules.ecr-sample.parameters', 'parameters')).toContain(
      message,
    )
    expect((caught as InputError).message).not.toContain('\n')
  })
})

test.each([
  [
    'rules: { __proto__: { enabled: false } }',
    'rules.__proto__: unknown rule id; "pullpath rules list" names them all',
  ],
  [
    'rules: { ecr-sample: { parameters: { __proto__: 1 } } }',
    'rules.ecr-sample.parameters: Unrecognized key: "__proto__"',
  ],
])('a key that JavaScript reads in its own way is unknown like any other: %s', (text, message) => {
  expect(() => parse(text)).toThrow(new InputError(`settings.yaml:1: ${message}`))
})
