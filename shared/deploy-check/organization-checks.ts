import { isAccountId } from '../model/arn.ts'
import { checkOf, type DeployCheck, type DeployItem, withinLimit } from './check.ts'
import { awsLimits } from './limits.ts'

/** Who is deployed to. Everything is as it was typed. */
export interface OrganizationPlan {
  readonly organizationalUnits: readonly string[]
  /** Of the settings; `unread` when they are not valid. */
  readonly settings: { readonly organizationId?: string } | 'unread'
  /** Of the stack's parameters. */
  readonly parameterOrganizationId: string | undefined
}

/** Whether ids have the form of ids, and the organization is the same everywhere. */
export function checkOrganization(plan: OrganizationPlan): DeployCheck {
  const { organizationalUnits, settings, parameterOrganizationId } = plan
  const units = organizationalUnits.map((unit, index) => unitItem(unit, organizationalUnits.indexOf(unit) < index))
  return checkOf('organization', goodReason(plan), [
    ...units,
    ...(parameterOrganizationId === undefined ? [] : [idItem(parameterOrganizationId)]),
    ...(settings === 'unread' ? [] : agreement(settings.organizationId, parameterOrganizationId)),
  ])
}

function goodReason({ organizationalUnits, settings, parameterOrganizationId }: OrganizationPlan): string {
  const organizationId = settings === 'unread' ? undefined : settings.organizationId
  const units =
    organizationalUnits.length === 0
      ? ''
      : `, ${organizationalUnits.length} target${organizationalUnits.length === 1 ? '' : 's'}`
  return `${organizationId ?? parameterOrganizationId ?? 'no organization id'}${units}`
}

function unitItem(unit: string, twice: boolean): DeployItem {
  if (!/^(?:ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$/.test(unit)) {
    const reason = isAccountId(unit)
      ? 'is an account: automatic deployment takes organizational units or the root only'
      : 'is no id of a root (r-ab12) or an organizational unit (ou-ab12-cdefgh34)'
    return { name: unit, status: 'error', reason }
  }
  if (twice) return { name: unit, status: 'error', reason: 'is named more than once' }
  return { name: unit, status: 'ok', reason: unit.startsWith('r-') ? 'the whole organization' : 'a unit' }
}

function idItem(id: string): DeployItem {
  const good = /^o-[a-z0-9]{10,32}$/.test(id)
  return good
    ? { name: id, status: 'ok', reason: 'an organization' }
    : { name: id, status: 'error', reason: 'is no id of an organization (o-…)' }
}

function agreement(ofSettings: string | undefined, ofParameters: string | undefined): readonly DeployItem[] {
  if (ofSettings === undefined && ofParameters === undefined) {
    const reason = 'not given: verdicts on access by organization id stay undetermined, unless a hub publishes it'
    return [{ name: 'organizationId', status: 'warning', reason }]
  }
  if (ofSettings === undefined || ofParameters === undefined || ofSettings === ofParameters) return []
  const reason = `the settings say ${ofSettings}, the parameter OrganizationId ${ofParameters}`
  return [{ name: 'organizationId', status: 'error', reason }]
}

/** Whether one stack set holds a stack in each account and region. */
export function checkStackInstances(accounts: number, regions: number): DeployCheck {
  const instances = withinLimit('stack instances', accounts * regions, awsLimits.stackInstances, 'of a stack set')
  const aggregated = withinLimit('accounts', accounts, awsLimits.accountsOfAggregator, 'of an aggregator')
  return checkOf('stack-instances', `${accounts} accounts × ${regions} regions: ${instances.reason}`, [
    instances,
    aggregated,
  ])
}
