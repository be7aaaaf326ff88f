import type { DeployCheck } from '../../shared/deploy-check/check.ts'
import { settingsParameterCharacters } from '../../shared/deploy-check/limits.ts'
import { checkOrganization, checkStackInstances } from '../../shared/deploy-check/organization-checks.ts'
import { checkHomeRegion, checkRegions } from '../../shared/deploy-check/regions.ts'
import {
  checkExceptions,
  checkRecorder,
  checkRules,
  checkSettingsSize,
  enabledBy,
} from '../../shared/deploy-check/settings-checks.ts'
import { readAllOfSettings, type SettingsReading } from '../../shared/deploy-check/settings-problems.ts'
import { parameterLengths } from '../../shared/deploy-check/template.ts'
import {
  checkConfigRules,
  checkEventRules,
  checkFunctions,
  checkParameters,
  checkTemplate,
} from '../../shared/deploy-check/template-checks.ts'
import { own } from '../../shared/model/json.ts'
import type { Rule } from '../../shared/rules/define-rule.ts'
import { asciiJson } from '../settings-json.ts'
import type { DeployPlan } from './plan.ts'

/** Every check that can be made of a plan: what is not given is not checked. */
export function checksOf(plan: DeployPlan, catalogue: readonly Rule[]): readonly DeployCheck[] {
  const settings = readAllOfSettings(plan.settingsText, plan.settingsFile, catalogue, plan.now)
  return [
    ...settingsChecks(settings, plan, catalogue),
    checkOrganization({
      organizationalUnits: plan.organizationalUnits,
      settings: settings.state === 'valid' ? settings.settings : 'unread',
      parameterOrganizationId: plan.parameters?.get('OrganizationId') || undefined,
    }),
    ...placeChecks(plan),
    ...templateChecks(plan),
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
  const rules = enabledBy(catalogue, reading.settings)
  return [
    { id: 'settings', status: 'ok', reason: `${plan.settingsFile} is valid` },
    checkSettingsSize({ json: asciiJson(reading.value), parameter: roomOf(plan), hub: hasHub(plan) }),
    checkExceptions(reading.settings, plan.now),
    checkRules(rules),
    checkRecorder(rules),
  ]
}

function roomOf({ template }: DeployPlan): number {
  const definition = template?.parameters.get('Settings')
  const most = definition === undefined ? undefined : own(definition, 'MaxLength')
  return typeof most === 'number' ? most : settingsParameterCharacters
}

/** Parameters that name no hub say that there is none. */
function hasHub({ parameters }: DeployPlan): boolean | undefined {
  if (parameters === undefined) return undefined
  return (parameters.get('HubBucket') ?? '') !== ''
}

function placeChecks({ regions, homeRegion, accounts }: DeployPlan): readonly DeployCheck[] {
  if (regions === undefined) return []
  return [
    checkRegions(regions),
    checkHomeRegion(homeRegion, regions),
    ...(accounts === undefined ? [] : [checkStackInstances(accounts, new Set(regions).size)]),
  ]
}

function templateChecks({ template, parameters }: DeployPlan): readonly DeployCheck[] {
  const given = parameters ?? new Map<string, string>()
  if (template === undefined) return parameters === undefined ? [] : [checkParameters(undefined, given)]
  const lengths = parameterLengths(template, given)
  return [
    checkTemplate(template),
    checkParameters(template, given),
    checkFunctions(template, lengths),
    checkConfigRules(template, lengths),
    checkEventRules(template),
  ]
}
