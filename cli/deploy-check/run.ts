import { isDeepStrictEqual } from 'node:util'
import type { DeployCheck } from '../../shared/deploy-check/check.ts'
import { settingsParameterCharacters } from '../../shared/deploy-check/limits.ts'
import { checkOrganization, checkStackInstances } from '../../shared/deploy-check/organization-checks.ts'
import { checkParameters } from '../../shared/deploy-check/parameter-checks.ts'
import { checkHomeRegion, checkRegions } from '../../shared/deploy-check/regions.ts'
import {
  checkExceptions,
  checkRecorder,
  checkRules,
  checkSettingsSize,
  enabledBy,
  switchedOnInVain,
} from '../../shared/deploy-check/settings-checks.ts'
import { readAllOfSettings, type SettingsReading } from '../../shared/deploy-check/settings-problems.ts'
import { parameterLengths } from '../../shared/deploy-check/template.ts'
import {
  checkConfigRules,
  checkEventRules,
  checkFunctions,
  checkTemplate,
} from '../../shared/deploy-check/template-checks.ts'
import { own } from '../../shared/model/json.ts'
import { asciiJson } from '../../shared/model/json-escapes.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import type { DeployPlan } from './plan.ts'

/** Every check that can be made of a plan: what is not given is not checked. */
export function checksOf(plan: DeployPlan, catalogue: readonly Rule[]): readonly DeployCheck[] {
  const settings = readAllOfSettings(plan.settingsText, plan.settingsFile, catalogue, plan.now)
  return [
    ...settingsChecks(settings, plan, catalogue),
    checkOrganization({
      organizationalUnits: plan.organizationalUnits,
      settings: settings.state === 'valid' ? settings.settings : 'unread',
      parameterOrganizationId: plan.parameters?.values.get('OrganizationId') || undefined,
    }),
    ...placeChecks(plan),
    ...templateChecks(plan, catalogue),
  ]
}

function settingsChecks(
  reading: SettingsReading,
  plan: DeployPlan,
  catalogue: readonly Rule[],
): readonly DeployCheck[] {
  if (reading.state === 'invalid') {
    const { problems } = reading
    const reason = `${problems.length} mistake${problems.length === 1 ? '' : 's'}: what depends on settings is not checked`
    const items = problems.map((problem) => ({ name: 'settings', status: 'error' as const, reason: problem }))
    return [{ id: 'settings', status: 'error', reason, items }]
  }
  const parameters = plan.parameters?.values
  const rules = enabledBy(catalogue, reading.settings, parameters)
  const inVain = parameters === undefined ? [] : switchedOnInVain(catalogue, reading.settings, parameters)
  return [
    validSettings(reading.value, plan),
    checkSettingsSize({ json: asciiJson(reading.value), parameter: roomOf(plan), hub: hasHub(plan) }),
    checkExceptions(reading.settings, plan.now),
    checkRules(rules, inVain),
    checkRecorder(rules),
  ]
}

/** Without a hub functions go by the parameter, whatever the file says. */
function validSettings(value: unknown, plan: DeployPlan): DeployCheck {
  const given = plan.parameters?.values.get('Settings') ?? ''
  if (given === '' || hasHub(plan) || saysTheSame(given, value)) {
    return { id: 'settings', status: 'ok', reason: `${plan.settingsFile} is valid` }
  }
  const reason = `${plan.settingsFile} is valid, but the parameter Settings, which functions go by, says something else`
  return { id: 'settings', status: 'warning', reason }
}

function saysTheSame(json: string, value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(json), JSON.parse(JSON.stringify(value)))
  } catch {
    return false
  }
}

function roomOf({ template }: DeployPlan): number {
  const definition = template?.parameters.get('Settings')
  const most = definition === undefined ? undefined : own(definition, 'MaxLength')
  return typeof most === 'number' ? most : settingsParameterCharacters
}

/** Parameters that name no hub say that there is none. */
function hasHub(plan: DeployPlan): boolean | undefined {
  if (isHub(plan)) return true
  return plan.parameters && (plan.parameters.values.get('HubBucket') ?? '') !== ''
}

/** Whether the stack is a hub itself: it publishes the settings, and hands members their home region. */
function isHub({ template, parameters }: DeployPlan): boolean {
  return (template?.parameters ?? parameters?.values)?.has('OrganizationalUnits') === true
}

function placeChecks(plan: DeployPlan): readonly DeployCheck[] {
  const { regions, accounts } = plan
  const home = homeCheck(plan)
  const instances =
    accounts === undefined || regions === undefined ? [] : [checkStackInstances(accounts, new Set(regions).size)]
  return [
    ...(regions === undefined ? [] : [checkRegions(regions)]),
    ...(home === undefined ? [] : [home]),
    ...instances,
  ]
}

function homeCheck(plan: DeployPlan): DeployCheck | undefined {
  const { regions, homeRegion: stated, parameters } = plan
  const parameter = parameters && (parameters.values.get('HomeRegion') ?? '')
  if (!isHub(plan)) return checkHomeRegion({ stated, parameter, regions })
  // A hub without one means its own region, and nobody says which that is.
  const ofHub = parameter || undefined
  return stated === undefined && ofHub === undefined
    ? undefined
    : checkHomeRegion({ stated, parameter: ofHub, regions })
}

function templateChecks({ template, parameters }: DeployPlan, catalogue: readonly Rule[]): readonly DeployCheck[] {
  const given = parameters ?? { values: new Map<string, string>(), repeated: [] }
  if (template === undefined) return parameters === undefined ? [] : [checkParameters(undefined, given, catalogue)]
  const lengths = parameterLengths(template, given.values)
  return [
    checkTemplate(template),
    checkParameters(template, given, catalogue),
    checkFunctions(template, lengths),
    checkConfigRules(template, lengths),
    checkEventRules(template),
  ]
}
