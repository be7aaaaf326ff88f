import { type ChangingCall, changingCalls, imagesType } from './cloudtrail-table.ts'
import { type Watcher, wayOf } from './concerns.ts'
import { scanSources } from './ecr-scan.ts'

/** The calls, as `service:Name`, and the detail types of scans after which the rule is decided at once; the calls sorted. */
export function momentsOf(rule: Watcher): readonly string[] {
  const calls = changingCalls.filter((call) => isDecidedBy(rule, call)).map(({ service, name }) => `${service}:${name}`)
  return [...new Set([...calls.sort(), ...scansFor([rule]).map(([detailType]) => detailType)])]
}

/** True when the rule is decided by something that records of the call may name. */
export function isDecidedBy(rule: Watcher, { service, name, changes, spots }: ChangingCall): boolean {
  const kind = { call: `${service}:${name}`, changes }
  return spots.some(({ type }) => wayOf(rule, kind, type) !== undefined)
}

/** The detail types of scans after which one of the rules is decided, each with its source. */
export function scansFor(rules: readonly Watcher[]): readonly (readonly [string, string])[] {
  return [...scanSources].filter(([call]) =>
    rules.some((rule) => wayOf(rule, { call, changes: imagesType }, 'AWS::ECR::Repository') !== undefined),
  )
}
