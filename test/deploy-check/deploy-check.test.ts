import { RegionInfo } from 'aws-cdk-lib/region-info'
import { describe, expect, it } from 'vitest'
import { limits, ruleNamePrefix } from '../../infra/config.ts'
import { mostPatternCharacters } from '../../infra/derive/event-patterns.ts'
import { checkOf, withinLimit } from '../../shared/deploy-check/check.ts'
import { awsLimits, configRulePrefix, settingsParameterCharacters } from '../../shared/deploy-check/limits.ts'
import { checkOrganization, checkStackInstances } from '../../shared/deploy-check/organization-checks.ts'
import { checkParameters } from '../../shared/deploy-check/parameter-checks.ts'
import { formOf } from '../../shared/deploy-check/parameter-forms.ts'
import { type GivenParameters, parametersOfText } from '../../shared/deploy-check/parameters-file.ts'
import { checkHomeRegion, checkRegions, knownRegions, optInRegions } from '../../shared/deploy-check/regions.ts'
import {
  checkExceptions,
  checkRecorder,
  checkRules,
  checkSettingsSize,
  enabledBy,
  switchedOnInVain,
} from '../../shared/deploy-check/settings-checks.ts'
import { readAllOfSettings } from '../../shared/deploy-check/settings-problems.ts'
import { longestText, parameterLengths, readTemplate } from '../../shared/deploy-check/template.ts'
import {
  checkConfigRules,
  checkEventRules,
  checkFunctions,
  checkTemplate,
} from '../../shared/deploy-check/template-checks.ts'
import { parseSettings } from '../../shared/engine/settings.ts'
import { defaultSettings } from '../../shared/model/settings.ts'
import { rules } from '../../shared/rules/index.ts'
import { MAX_SETTINGS_BYTES } from '../../shared/sources/published/names.ts'
import { memberStack } from '../infra/synthesised.ts'

const now = new Date('2026-11-20T12:00:00.000Z')
const bad = (check: { readonly items?: readonly { name: string; status: string; reason: string }[] }) =>
  (check.items ?? [])
    .filter(({ status }) => status !== 'ok')
    .map(({ name, status, reason }) => `${status} ${name}: ${reason}`)

const once = (values: ReadonlyMap<string, string>): GivenParameters => ({ values, repeated: [] })

describe('a settings file', () => {
  const read = (text: string) => readAllOfSettings(text, 's.yaml', rules, now)

  it('is read as every command reads it', () => {
    const text = 'organizationId: o-exampleorg1\nundetermined: leave\n'
    const reading = read(text)
    expect(reading).toMatchObject({ state: 'valid', value: { undetermined: 'leave' } })
    expect(reading.state === 'valid' && reading.settings).toEqual(parseSettings(text, 's.yaml', rules))
  })

  it('is valid when it is empty', () => {
    expect(read('')).toMatchObject({ state: 'valid', value: {} })
  })

  it('has all its mistakes named, with line and field', () => {
    const exception = 'owner: me, account: "111122223333"'
    const text = [
      'organizationId: bogus',
      'trustedAccounts: ["12"]',
      'nope: 1',
      'rules:',
      '  ecr-repository-not-public: {enabled: maybe}',
      '  made-up: {enabled: true}',
      '  ecr-repository-lifecycle-policy: {severity: HIGH}',
      'exceptions:',
      `  - {rule: ecr-repository-not-public, reason: a, expires: 2026-12-01, ${exception}}`,
      `  - {rule: nothing-of-it, reason: b, expires: 2026-12-01, ${exception}}`,
      `  - {rule: ecr-repository-not-public, reason: c, expires: 2099-12-01, ${exception}}`,
    ].join('\n')
    const reading = read(text)
    expect(reading.state === 'invalid' && reading.problems).toEqual([
      's.yaml:1: organizationId: expected an organization id (o-…)',
      's.yaml:2: trustedAccounts.0: expected a 12-digit account id',
      expect.stringMatching(/^s\.yaml:3: nope: unknown key; expected one of organizationId, /),
      's.yaml:5: rules.ecr-repository-not-public.enabled: Invalid input: expected boolean, received string',
      's.yaml:6: rules.made-up: unknown rule id; "pullpath rules list" names them all',
      's.yaml:10: exceptions.1.rule: unknown rule id; "pullpath rules list" names them all',
      's.yaml:11: exceptions.2.expires: expected a date at most 366 days ahead',
    ])
  })

  it.each([
    ['a: [', 's.yaml:1: not valid YAML'],
    ['- 1', 's.yaml:1: settings: '],
    ['rules: 7', 's.yaml:1: rules: '],
    ['exceptions: {}', 's.yaml:1: exceptions: '],
  ])('that says %s has one mistake', (text, start) => {
    const reading = read(text)
    expect(reading.state === 'invalid' && reading.problems).toEqual([expect.stringMatching(new RegExp(`^${start}`))])
  })

  it('fits the parameter, or is for a hub to publish', () => {
    const size = (length: number, hub: boolean | undefined) =>
      checkSettingsSize({ json: 'x'.repeat(length), parameter: 2_000, hub })
    expect(size(1_800, undefined)).toMatchObject({ status: 'ok', reason: '1,800 of at most 2,000 characters' })
    expect(size(1_801, undefined).status).toBe('warning')
    expect(bad(size(2_001, undefined))).toEqual([
      'warning parameter Settings: 2,001 of at most 2,000 characters: only a hub can hand them to the functions',
    ])
    expect(size(2_001, false).status).toBe('error')
    expect(size(2_001, true).status).toBe('ok')
    expect(size(MAX_SETTINGS_BYTES + 1, true).status).toBe('error')
  })
})

describe('exceptions', () => {
  const ending = (expires: string) => ({
    ...{ rule: 'ecr-*', reason: 'r', owner: 'me', account: '111122223333', expires },
  })

  it('that have ended or end soon are warned of', () => {
    const exceptions = ['2026-11-19', '2026-11-20', '2026-12-19', '2026-12-20'].map(ending)
    const check = checkExceptions({ ...defaultSettings, exceptions }, now)
    expect(check.status).toBe('warning')
    expect(bad(check)).toEqual([
      'warning ecr-* 111122223333: ended on 2026-11-19 and excepts nothing (me)',
      'warning ecr-* 111122223333: ends on 2026-11-20, in 0 days (me)',
      'warning ecr-* 111122223333: ends on 2026-12-19, in 29 days (me)',
    ])
  })
})

describe('rules and recorders', () => {
  it('are those the settings leave on', () => {
    const settings = { ...defaultSettings, rules: new Map([['ecr-repository-not-public', { enabled: false }]]) }
    expect(enabledBy(rules, settings).some(({ id }) => id === 'ecr-repository-not-public')).toBe(false)
    const disabled = rules.map(({ id }) => [id, { enabled: false }] as const)
    expect(checkRules(enabledBy(rules, { ...defaultSettings, rules: new Map(disabled) }))).toMatchObject({
      status: 'error',
    })
  })

  it('are those that the parameters of the stack leave, which settings can only switch off', () => {
    const of = (parameters: Record<string, string>, text = '') =>
      enabledBy(rules, parseSettings(text, 's.yaml', rules), new Map(Object.entries(parameters)))
    const none = { EcrRules: 'none', RoleRules: 'none', VpcRules: 'none', ImageRules: 'none' }
    expect(of(none)).toEqual([])
    expect(checkRules(of(none))).toMatchObject({ status: 'error' })
    expect(of({ ...none, VpcRules: 'all' })).toEqual(rules.filter(({ area }) => area === 'vpc'))
    expect(of({})).toEqual(rules.filter(({ defaultEnabled }) => defaultEnabled))
    const off = 'rules: { ecr-repository-not-public: { enabled: false } }'
    expect(of({}).length - of({}, off).length).toBe(1)
  })

  it('that settings switch on in vain are warned of', () => {
    const settings = parseSettings('rules: { ecr-registry-enhanced-scanning: { enabled: true } }', 's.yaml', rules)
    const inVain = (set: string) => switchedOnInVain(rules, settings, new Map([['EcrRules', set]]))
    expect(bad(checkRules(rules, inVain('recommended')))).toEqual([
      'warning ecr-registry-enhanced-scanning: the settings switch it on, and a stack with EcrRules=recommended does not have it',
    ])
    expect(inVain('all')).toEqual([])
  })

  it('keep the limits of AWS Config', () => {
    expect(checkRules(rules)).toEqual({ id: 'rules', status: 'ok', reason: `${rules.length} rules are on` })
    const long = { ...rules[0]!, id: `a${'b'.repeat(70)}` }
    expect(bad(checkRules([long]))).toEqual([`error ${long.id}: name: 80 of at most 64 characters`])
  })

  it('need the recordable types that rules judge or read', () => {
    const chosen = rules.filter(({ id }) => id === 'ecr-repository-scanned' || id === 'role-web-identity-trust-scoped')
    expect(checkRecorder(chosen).items).toEqual([
      { name: 'AWS::ECR::Repository', status: 'ok', reason: 'judged' },
      { name: 'AWS::IAM::Role', status: 'ok', reason: 'judged' },
    ])
  })
})

describe('the organization', () => {
  const plan = { organizationalUnits: [], settings: {}, parameterOrganizationId: undefined }

  it('has ids with the form of ids', () => {
    const units = ['r-ab12', 'ou-ab12-cdefgh34', '111122223333', 'ou-zz', 'r-ab12']
    expect(bad(checkOrganization({ ...plan, organizationalUnits: units, parameterOrganizationId: 'x' }))).toEqual([
      'error 111122223333: is an account: automatic deployment takes organizational units or the root only',
      'error ou-zz: is no id of a root (r-ab12) or an organizational unit (ou-ab12-cdefgh34)',
      'error r-ab12: is named more than once',
      'error x: is no id of an organization (o-…)',
    ])
  })

  it('is the same in settings and parameters', () => {
    const settings = { organizationId: 'o-exampleorg1' }
    expect(checkOrganization({ ...plan, settings }).status).toBe('ok')
    expect(bad(checkOrganization({ ...plan, settings, parameterOrganizationId: 'o-exampleorg2' }))).toEqual([
      'error organizationId: the settings say o-exampleorg1, the parameter OrganizationId o-exampleorg2',
    ])
    expect(checkOrganization(plan).status).toBe('warning')
    expect(checkOrganization({ ...plan, settings: 'unread' }).status).toBe('ok')
  })

  it('has no more accounts and regions than a stack set and an aggregator take', () => {
    expect(checkStackInstances(1_000, 4).status).toBe('ok')
    expect(checkStackInstances(9_001, 1).status).toBe('warning')
    expect(bad(checkStackInstances(10_001, 10))).toEqual([
      'error stack instances: 100,010 of at most 100,000 of a stack set',
      'error accounts: 10,001 of at most 10,000 of an aggregator',
    ])
    expect(bad(checkStackInstances(10_000, 10))).toEqual([
      'warning stack instances: 100,000 of at most 100,000 of a stack set',
      'warning accounts: 10,000 of at most 10,000 of an aggregator',
    ])
  })
})

describe('regions', () => {
  it('that every account has are well', () => {
    expect(checkRegions(['eu-central-1', 'us-east-1'])).toMatchObject({
      status: 'ok',
      reason: 'eu-central-1, us-east-1 (aws)',
    })
  })

  it('that accounts have to enable are warned of', () => {
    expect(bad(checkRegions(['eu-south-1']))).toEqual([
      'warning eu-south-1: has to be enabled in the management account and in every account deployed to',
    ])
  })

  it('exist, stand there once, and are of one partition', () => {
    expect(bad(checkRegions(['eu-central-1', 'eu-central-1', 'Mars', 'ab-cdefg-9']))).toEqual([
      'error eu-central-1: is named more than once',
      'error Mars: is no name of a region',
      'error ab-cdefg-9: is no region known to this version',
    ])
    expect(bad(checkRegions(['eu-central-1', 'us-gov-west-1']))).toEqual([
      'error partition: aws and aws-us-gov: an organization lies within one',
    ])
    expect(checkRegions(['cn-north-1', 'cn-northwest-1']).status).toBe('warning')
    expect(checkRegions(['us-gov-west-1', 'us-gov-east-1']).status).toBe('ok')
  })

  it('are known, and known to need enabling, as the CDK knows them', () => {
    const names = (some: readonly RegionInfo[]) => some.map(({ name }) => name).sort()
    expect([...knownRegions].sort()).toEqual(names(RegionInfo.regions))
    expect([...optInRegions].sort()).toEqual(names(RegionInfo.regions.filter(({ isOptInRegion }) => isOptInRegion)))
  })

  it('have a home among them', () => {
    const two = ['eu-central-1', 'us-east-1']
    const home = (stated: string | undefined, regions: readonly string[] | undefined, parameter?: string) => {
      const check = checkHomeRegion({ stated, regions, parameter })
      return check && `${check.status} ${check.reason}`
    }
    expect(home('eu-central-1', two)).toBe('ok roles are judged in eu-central-1')
    expect(home('eu-west-1', ['eu-central-1'])).toBe(
      'error eu-west-1 is not among the regions: no role would be judged',
    )
    expect(home(undefined, ['eu-central-1'])).toMatch(/^ok /)
    expect(home(undefined, two)).toMatch(/^error not given/)
    expect(home(undefined, two, 'us-east-1')).toBe('ok roles are judged in us-east-1')
    expect(home('eu-central-1', two, 'eu-central-1')).toMatch(/^ok /)
    expect(home('eu-central-1', two, '')).toMatch(/^warning the parameters lack HomeRegion/)
    expect(home('eu-central-1', ['eu-central-1'], '')).toMatch(/^ok /)
  })

  it('have a home that is a region, and the same in the parameters, whatever else is given', () => {
    const home = (stated: string | undefined, parameter?: string) =>
      checkHomeRegion({ stated, parameter, regions: undefined })
    expect(home(undefined)).toBeUndefined()
    expect(home(undefined, '')).toBeUndefined()
    expect(home('mars')).toMatchObject({ status: 'error', reason: 'mars is no name of a region' })
    expect(home(undefined, 'eu-nowhere-1')?.reason).toBe('eu-nowhere-1 is no region known to this version')
    expect(home('eu-central-1', 'us-west-2')).toMatchObject({
      status: 'error',
      reason: '--home-region says eu-central-1, the parameter HomeRegion us-west-2',
    })
    expect(home('eu-central-1')).toMatchObject({ status: 'ok' })
  })
})

describe('a template', () => {
  const templateOf = (parts: object) =>
    readTemplate(JSON.stringify({ Resources: { Any: { Type: 'AWS::SQS::Queue' } }, ...parts }), 't.json')
  const none = () => 0

  it('is JSON with resources', () => {
    expect(() => readTemplate('{', 't.json')).toThrow('--template: t.json: no JSON')
    expect(() => readTemplate('[]', 't.json')).toThrow('--template: t.json: no template of CloudFormation')
    expect(() => readTemplate('{"Resources":[]}', 't.json')).toThrow('no template of CloudFormation')
  })

  it('keeps the limits of CloudFormation', () => {
    expect(checkTemplate(templateOf({}))).toMatchObject({ status: 'ok' })
    const many = (number: number, value: object) =>
      Object.fromEntries(Array.from({ length: number }, (_, index) => [`A${index}`, value]))
    const big = templateOf({
      Parameters: many(201, { Default: '' }),
      Resources: many(501, { Type: 'AWS::SQS::Queue' }),
      Description: 'x'.repeat(awsLimits.templateBytes),
    })
    expect(bad(checkTemplate(big)).map((text) => text.split(':')[0])).toEqual([
      'error size',
      'error resources',
      'error parameters',
    ])
  })

  it('has functions whose code and variables fit', () => {
    const Environment = { Variables: { ABC: { Ref: 'Long' }, D: 'four' } }
    const withCode = (length: number) =>
      templateOf({
        Parameters: { Long: { MaxLength: 4_000 } },
        Resources: {
          F: { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: 'x'.repeat(length) }, Environment } },
        },
      })
    const small = withCode(10)
    expect(bad(checkFunctions(small, parameterLengths(small, new Map([['Long', 'short']]))))).toEqual([])
    expect(bad(checkFunctions(small, parameterLengths(small, new Map())))).toEqual([
      'warning F: variables: 4,008 of at most 4,096 bytes',
    ])
    expect(bad(checkFunctions(withCode(awsLimits.inlineCodeBytes + 1), none))).toEqual([
      'error F: code: 4,194,305 of at most 4,194,304 bytes',
    ])
  })

  it('has rules of AWS Config that fit, alone and in packs', () => {
    const rule = {
      Type: 'AWS::Config::ConfigRule',
      Properties: {
        ...{ ConfigRuleName: 'n'.repeat(65), Description: 'd'.repeat(257), InputParameters: { a: 'p'.repeat(1_024) } },
        Source: { SourceDetails: Array(26).fill({}) },
        Scope: { ComplianceResourceTypes: Array(101).fill('T') },
      },
    }
    const body = { 'Fn::Join': ['', ['x'.repeat(51_201), ...Array(131).fill('AWS::Config::ConfigRule')]] }
    const pack = { Type: 'AWS::Config::ConformancePack', Properties: { TemplateBody: body } }
    const check = checkConfigRules(templateOf({ Resources: { R: rule, P: pack } }), none)
    expect(bad(check)).toEqual([
      'error R: name: 65 of at most 64 characters',
      'error R: description: 257 of at most 256 characters',
      'error R: input parameters: 1,032 of at most 1,024 characters',
      'error R: types: 101 of at most 100 types',
      'error R: triggers: 26 of at most 25 triggers',
      `error P: template: ${(51_201 + 131 * 23).toLocaleString('en-US')} of at most 51,200 bytes`,
      'error P: rules: 131 of at most 130 rules',
    ])
  })

  it('has patterns that EventBridge takes', () => {
    const rule = (length: number) => ({
      Type: 'AWS::Events::Rule',
      Properties: { EventPattern: { a: 'p'.repeat(length) } },
    })
    const check = checkEventRules(templateOf({ Resources: { Good: rule(100), Bad: rule(2_048) } }))
    expect(bad(check)).toEqual(['error Bad: pattern: 2,056 of at most 2,048 characters'])
  })

  it('takes the parameters that are given, and is given those it needs', () => {
    const template = templateOf({
      Parameters: {
        OrganizationId: { Default: '' },
        SecurityHub: { Default: 'on', AllowedValues: ['on', 'off'] },
        Settings: { Default: '', MaxLength: 3 },
        // Never run: it would take for ever.
        Evil: { Default: '', AllowedPattern: '^(a+)+$' },
        Needed: {},
      },
    })
    const given = new Map([
      ['OrganizationId', 'org'],
      ['SecurityHub', 'maybe'],
      ['Settings', 'four'],
      ['Evil', `${'a'.repeat(50)}!`],
      ['Nope', ''],
    ])
    expect(bad(checkParameters(template, once(given), rules))).toEqual([
      'error OrganizationId: expected an organization id (o-…)',
      'error SecurityHub: expected one of on, off',
      'error Settings: 4 of at most 3 characters',
      'error Nope: the template has no such parameter',
      'error Needed: has no default and is not given',
    ])
    expect(checkParameters(undefined, once(new Map([['Evil', 'a']])), rules)).toMatchObject({
      status: 'warning',
      reason: '1 given; without --template nothing says which there are',
    })
    expect(checkParameters(undefined, once(new Map()), rules).status).toBe('ok')
  })

  it('takes settings that functions can read, with a template and without', () => {
    const template = templateOf({ Parameters: { Settings: { Default: '' } } })
    const faults = (text: string, among: typeof template | undefined) =>
      bad(checkParameters(among, once(new Map([['Settings', text]])), rules))
    const noJson = 'error Settings: not valid JSON: "pullpath settings FILE" prints a YAML file as JSON'
    expect(faults('{bad', template)).toEqual([noJson])
    expect(faults('{bad', undefined)).toEqual([noJson, 'warning without --template: nothing says which there are'])
    expect(faults('{"rules":{"made-up":{}}}', template)).toEqual([
      'error Settings: rules.made-up: unknown rule id; "pullpath rules list" names them all',
    ])
    expect(faults('{"undetermined":"leave"}', template)).toEqual([])
    expect(faults('', template)).toEqual([])
  })

  it('takes each parameter once', () => {
    const template = templateOf({ Parameters: { EcrRules: { Default: 'all' } } })
    const given = { values: new Map([['EcrRules', 'all']]), repeated: ['EcrRules'] }
    expect(bad(checkParameters(template, given, rules))).toEqual(['error EcrRules: is given more than once'])
  })

  it('of the member stack has a form for each parameter with a pattern, and both take and refuse the same', () => {
    const { Parameters } = memberStack().template.toJSON() as {
      Parameters: Record<string, { readonly AllowedPattern?: string }>
    }
    const patterns = Object.entries(Parameters).flatMap(([name, { AllowedPattern }]) =>
      AllowedPattern === undefined ? [] : [[name, new RegExp(AllowedPattern)] as const],
    )
    expect(patterns.length).toBeGreaterThan(10)
    const samples = [
      ...[
        'o-exampleorg1',
        '111122223333',
        '111122223333,444455556666',
        'eu-central-1',
        'us-gov-west-1',
        'mars',
        'eu-1x',
      ],
      ...['a-bucket.of-mine', 'published/', '*/', 'a*b/', 'arn:aws:kms:eu-central-1:111122223333:key/ab-12'],
      ...['arn:aws:iam::111122223333:role/x/reader', 'arn:aws:sns:eu-central-1:111122223333:alarms', '12', 'x y', '-'],
    ]
    for (const [name, pattern] of patterns)
      for (const text of samples)
        expect([name, text, formOf(name)?.pattern.test(text)]).toEqual([name, text, pattern.test(text)])
  })
})

describe('the text that a value with functions becomes', () => {
  const lengths = parameterLengths(
    readTemplate(
      '{"Resources":{},"Parameters":{"P":{"MaxLength":7},"Q":{"AllowedValues":["on","offer"]},"R":{},"D":{"Default":"no","MaxLength":9}}}',
      't',
    ),
    new Map([['R', 'given']]),
  )

  it.each([
    ['abc', 3],
    [undefined, 0],
    [12, 2],
    [{ Ref: 'P' }, 7],
    [{ Ref: 'Q' }, 5],
    [{ Ref: 'R' }, 5],
    [{ Ref: 'D' }, 2],
    [{ Ref: 'AWS::Region' }, 64],
    [{ 'Fn::Join': [', ', ['a', { Ref: 'P' }, 'b']] }, 13],
    [{ 'Fn::If': ['Condition', 'longer', 'short'] }, 6],
    [{ 'Fn::If': ['Condition', 'short', 'longer'] }, 6],
    [{ 'Fn::GetAtt': ['A', 'Arn'] }, 200],
  ])('%j has at most %i characters', (value, length) => {
    expect(longestText(value as never, lengths)).toBe(length)
  })

  it('is measured however deep it is nested', () => {
    let value: object = { Ref: 'P' }
    for (let depth = 0; depth < 20_000; depth += 1) value = { 'Fn::Join': ['', [value]] }
    expect(longestText(value as never, lengths)).toBe(7)
  })
})

describe('a file of parameters', () => {
  it.each([[{ A: 'b' }], [{ Parameters: { A: 'b' } }], [[{ ParameterKey: 'A', ParameterValue: 'b' }]], [['A=b']]])(
    'may be %j',
    (value) => {
      expect(parametersOfText(JSON.stringify(value))).toEqual(once(new Map([['A', 'b']])))
    },
  )

  it('may have a value with an equals sign', () => {
    expect(parametersOfText('["Key=a=b","Empty="]')?.values).toEqual(
      new Map([
        ['Key', 'a=b'],
        ['Empty', ''],
      ]),
    )
  })

  it.each([['text'], [[1]], [['=a']], [['a']], [{ A: 1 }], [[{ ParameterKey: 'A' }]]])('may not be %j', (value) => {
    expect(parametersOfText(JSON.stringify(value))).toBeUndefined()
  })

  it.each([
    ['{"A":"b","C":"d","A":"e"}'],
    ['{"Parameters":{"A":"b","\\u0041":"b"}}'],
    ['[{"ParameterKey":"A","ParameterValue":"b"},{"ParameterKey":"A","ParameterValue":"b"}]'],
  ])('says what stands there twice: %s', (text) => {
    expect(parametersOfText(text)?.repeated).toEqual(['A'])
  })
})

describe('limits', () => {
  it('are those that the template is made with', () => {
    expect(awsLimits).toMatchObject({
      configRuleName: limits.ruleName,
      configRuleDescription: limits.ruleDescription,
      inputParameters: limits.inputParameters,
      inlineCodeBytes: limits.inlineCodeBytes,
      templateBytes: limits.templateBytes,
      eventPatternCharacters: mostPatternCharacters,
    })
    expect(configRulePrefix).toBe(ruleNamePrefix)
    expect(settingsParameterCharacters).toBe(limits.settings)
  })

  it('are warned of from nine tenths on, and an error beyond', () => {
    const statuses = [90, 91, 100, 101].map((number) => withinLimit('a', number, 100, 'things').status)
    expect(statuses).toEqual(['ok', 'warning', 'warning', 'error'])
  })

  it('make a check as grave as the gravest of its items', () => {
    const item = (status: 'ok' | 'warning' | 'error') => ({ name: status, status, reason: '' })
    expect(checkOf('regions', 'good', [])).toEqual({ id: 'regions', status: 'ok', reason: 'good' })
    expect(checkOf('regions', 'good', [item('warning'), item('error'), item('ok'), item('warning')])).toMatchObject({
      status: 'error',
      reason: '1 error, 2 warnings',
    })
  })
})
