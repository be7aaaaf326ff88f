import { partitionOf } from '../../model/arn.ts'
import { type FactName, type Facts, factNames } from './facts.ts'
import { kindOfHost } from './message-hosts.ts'

/**
 * Fills `{region}` and the like. What is not known becomes `'<region>'`, in quotes: a shell takes it as text. Values were
 * validated when they were read, so nothing of a message is ever more than one word.
 */
export function filled(template: string, facts: Facts): string {
  return template.replace(/\{([A-Za-z]{1,20})\}/g, (whole, name: string) => {
    if (name === 'api') return apiHost(facts)
    const fact = factNames.find((known) => known === name)
    return fact === undefined ? whole : (knownFact(fact, facts) ?? placeholders.get(fact) ?? `'<${fact}>'`)
  })
}

const placeholders: ReadonlyMap<FactName, string> = new Map([
  ['imageId', "'imageTag=<tag>'"],
  ['roleAccount', "'<account of the role>'"],
])

/** Where no host is named as the one that failed, the registry is meant. */
function knownFact(name: FactName, facts: Facts): string | undefined {
  return facts.get(name) ?? (name === 'host' ? facts.get('registry') : undefined)
}

function apiHost(facts: Facts): string {
  const host = facts.get('host')
  if (host !== undefined && kindOfHost(host) === 'api') return host
  const region = facts.get('region')
  if (region === undefined) return "api.ecr.'<region>'.amazonaws.com"
  return `api.ecr.${region}.${suffixes.get(partitionOf(region)) ?? 'amazonaws.com'}`
}

const suffixes: ReadonlyMap<string, string> = new Map([
  ['aws-cn', 'amazonaws.com.cn'],
  ['aws-eusc', 'amazonaws.eu'],
])
