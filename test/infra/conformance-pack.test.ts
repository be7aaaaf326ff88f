import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { conformancePackName, limits } from '../../infra/config.ts'
import { configRuleOf } from '../../infra/derive/config-rules.ts'
import { packBlock, packHeader } from '../../infra/derive/conformance-pack.ts'
import { judgingFunctions } from '../../shared/live/function-names.ts'
import type { RuleMeta } from '../../shared/rules/define-rule.ts'
import { allRules, deployed, deployedRules, memberStack, ofType, place, templateRules } from './synthesised.ts'

const { template } = memberStack()

interface PackedRule {
  readonly Type: string
  readonly Properties: { readonly ConfigRuleName: string }
}

const packText = (parameters: Readonly<Record<string, string>>): string | undefined =>
  ofType(deployed(template, parameters), 'AWS::Config::ConformancePack')[0]?.Properties.TemplateBody
/** The rules of the pack as AWS Config reads them, by logical id. */
const packed = (parameters: Readonly<Record<string, string>> = {}): Map<string, PackedRule> =>
  new Map(Object.entries(parse(packText(parameters)!).Resources))
const plain = (parameters: Readonly<Record<string, string>>) =>
  ofType(deployed(template, { ...parameters, ConfigRules: 'rules' }), 'AWS::Config::ConfigRule').map(
    ({ Properties }) => Properties,
  )
const namesOf = (rules: readonly RuleMeta[]) => rules.map(({ id }) => `pullpath-${id}`).sort()
const packedNames = (parameters = {}) => [...packed(parameters).values()].map((one) => one.Properties.ConfigRuleName)
const plainNames = (parameters = {}) => plain(parameters).map(({ ConfigRuleName }) => ConfigRuleName)
const nothing = { EcrRules: 'none', RoleRules: 'none', VpcRules: 'none', ImageRules: 'none' }

describe('the rules of a deployment', () => {
  it('are in the conformance pack unless told, and then none is by itself', () => {
    expect(packedNames().sort()).toEqual(namesOf(deployedRules))
    expect(ofType(deployed(template), 'AWS::Config::ConfigRule')).toEqual([])
    expect(ofType(deployed(template), 'AWS::Config::ConformancePack')[0]!.Properties.ConformancePackName).toBe(
      conformancePackName,
    )
  })

  it('are by themselves where that is asked for, and then there is no pack', () => {
    expect(plainNames().sort()).toEqual(namesOf(deployedRules))
    expect(packText({ ConfigRules: 'rules' })).toBeUndefined()
  })

  it('have in the pack exactly the properties they have by themselves', () => {
    for (const parameters of [{}, allRules, { HomeRegion: 'us-east-1' }]) {
      const inPack = [...packed(parameters).values()]
      expect(new Set(inPack.map(({ Type }) => Type))).toEqual(new Set(['AWS::Config::ConfigRule']))
      expect(inPack.map(({ Properties }) => Properties)).toEqual(plain(parameters))
    }
  })

  it.each(['packed', 'plain'] as const)('are what the parameters of their areas say, when they are %s', (form) => {
    const names = form === 'packed' ? packedNames : plainNames
    expect(names(allRules).sort()).toEqual(namesOf(templateRules))
    for (const [parameter, area] of [
      ['EcrRules', 'ecr'],
      ['RoleRules', 'role'],
      ['VpcRules', 'vpc'],
      ['ImageRules', 'image'],
    ] as const) {
      const others = deployedRules.filter((rule) => rule.area !== area)
      const all = templateRules.filter((rule) => rule.area === area)
      expect(names({ [parameter]: 'none' }).sort()).toEqual(namesOf(others))
      expect(names({ [parameter]: 'all' }).sort()).toEqual(namesOf([...others, ...all]))
    }
  })

  it('on roles exist in the home region only, all others everywhere', () => {
    const elsewhere = deployedRules.filter(({ judges }) => judges !== 'AWS::IAM::Role')
    expect(elsewhere.length).toBeLessThan(deployedRules.length)
    for (const names of [packedNames, plainNames]) {
      expect(names({ HomeRegion: 'us-east-1' }).sort()).toEqual(namesOf(elsewhere))
      expect(names({ HomeRegion: place.region }).sort()).toEqual(namesOf(deployedRules))
    }
  })

  it('are there without Security Hub, too', () => {
    for (const names of [packedNames, plainNames]) {
      expect(names({ SecurityHub: 'off' }).sort()).toEqual(namesOf(deployedRules))
    }
  })

  it('are judged by the function of their area', () => {
    const areas = new Map(templateRules.map(({ id, area }) => [`pullpath-${id}`, area]))
    for (const { ConfigRuleName, Source } of plain(allRules)) {
      const name = judgingFunctions[areas.get(ConfigRuleName)!]
      expect(Source.SourceIdentifier).toBe(`arn:aws:lambda:eu-central-1:111122223333:function:${name}`)
    }
  })

  it('may be none at all: AWS Config would refuse an empty pack', () => {
    expect(packText(nothing)).toBeUndefined()
    expect(plain(nothing)).toEqual([])
    expect(packedNames({ ...nothing, ImageRules: 'all' })).toHaveLength(
      templateRules.filter(({ area }) => area === 'image').length,
    )
  })
})

describe('the template of the pack', () => {
  it('keeps the limits of AWS Config with every rule on', () => {
    const bytes = Buffer.byteLength(packText(allRules)!)
    console.info(`conformance pack: ${bytes} of ${limits.packTemplateBytes} bytes, ${packed(allRules).size} rules`)
    // The ids of permissions and the names of partitions and regions may be longer than here.
    expect(bytes + 8_000).toBeLessThan(limits.packTemplateBytes)
    expect(packed(allRules).size).toBeLessThanOrEqual(limits.packRules)
  })

  it('names no partition, account or region but through the template around it', () => {
    const [pack] = Object.values(template.findResources('AWS::Config::ConformancePack'))
    expect(JSON.stringify(pack)).not.toMatch(/arn:aws|111122223333|eu-central-1/)
  })

  it('waits for the permission of every function', () => {
    const [pack] = Object.values(template.findResources('AWS::Config::ConformancePack'))
    const permissions = Object.entries(template.findResources('AWS::Lambda::Permission'))
      .filter(([, { Properties }]) => Properties.Principal === 'config.amazonaws.com')
      .map(([id]) => id)
    expect(permissions).toHaveLength(Object.keys(judgingFunctions).length)
    expect(pack!.DependsOn.sort()).toEqual(permissions.sort())
    const withoutHub = deployed(template, { SecurityHub: 'off' })
    expect(permissions.filter((id) => !withoutHub.has(id))).toEqual([])
  })

  it('has logical ids of letters and digits, as the templates of AWS do, each once', () => {
    const ids = [...packed(allRules).keys()]
    expect(ids.filter((id) => !/^[A-Z][A-Za-z0-9]*$/.test(id))).toEqual([])
    expect(ids).toHaveLength(templateRules.length)
  })

  it('carries any title unharmed', () => {
    const [rule] = templateRules
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what Fn::Sub would replace
    const title = 'A "quoted" title: with ${AWS::Region}, #hash, \\ and a\nline – &anchor *alias'
    const text = packHeader + packBlock(configRuleOf({ ...rule!, title }), 'arn:aws:lambda:x:1:function:f')
    const [read] = Object.values<{ readonly Properties: { readonly Description: string } }>(parse(text).Resources)
    expect(read!.Properties.Description).toBe(title)
  })
})

describe('the functions', () => {
  const variables = (parameters = {}) =>
    new Map(
      ofType(deployed(template, parameters), 'AWS::Lambda::Function').map(({ Properties }) => [
        Properties.FunctionName as string,
        Properties.Environment.Variables,
      ]),
    )

  it('that judge are told the name of the pack their rules are in', () => {
    for (const name of Object.values(judgingFunctions)) {
      expect(variables().get(name).PULLPATH_CONFORMANCE_PACK).toBe(conformancePackName)
      expect(variables({ ConfigRules: 'rules' }).get(name).PULLPATH_CONFORMANCE_PACK).toBe('')
    }
  })

  it('that judge and that hand events on are told which rules there are', () => {
    const chosen = { EcrRules: 'all', VpcRules: 'none' }
    for (const name of [...Object.values(judgingFunctions), 'pullpath-resource-change']) {
      expect(variables(chosen).get(name).PULLPATH_RULE_SETS).toBe('ecr=all,role=recommended,vpc=none,image=recommended')
    }
  })
})
