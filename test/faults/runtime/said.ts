// biome-ignore-all lint/suspicious/noExplicitAny: findings and evaluations as they went over the wire
import type { Deployment } from './deployment.ts'
import { type Area, areas, cannotPull, type Estate, ruleOf, type Truth, truthOf } from './estate.ts'

/** A property of the matrix does not hold. */
export class Broken extends Error {
  override readonly name = 'Broken'
}

/** @throws Broken with these words */
export function must(holds: boolean, words: string): void {
  if (!holds) throw new Broken(words)
}

/** The name of the Config rule of an area. */
export const ruleNameOf = (area: Area): string => `pullpath-${ruleOf[area].id}`

/** What AWS Config shows of the rule of an area, by `type id`. */
export function shownIn({ config }: Deployment, area: Area): ReadonlyMap<string, any> {
  return config.shown(ruleNameOf(area))
}

/** The result on the account itself, which says that a sweep is done. */
export function wholeOf(made: Deployment, area: Area): any {
  return shownIn(made, area).get(`AWS::::Account ${made.accountId}`)
}

/** P2, of what AWS Config is told. */
export function checkEvaluation(rule: string, evaluation: any, estate: Estate): void {
  const area = areas.find((one) => ruleNameOf(one) === rule)
  const truth = area && truthOf(area, estate).find(({ id }) => id === evaluation.ComplianceResourceId)
  if (truth === undefined) return
  must(fits(evaluation, truth), `P2: AWS Config is told that ${saidOf(evaluation)}, and it is ${truth.compliance}`)
}

/** True of a result that was told before as newer: AWS Config goes on showing what it shows, and the result token is proven. */
export function restates({ rule, evaluation }: TakenResult, before: readonly TakenResult[]): boolean {
  const fields = ['ComplianceResourceType', 'ComplianceResourceId', 'ComplianceType', 'Annotation']
  return before.some(
    (one) =>
      one.rule === rule &&
      fields.every((name) => one.evaluation[name] === evaluation[name]) &&
      one.evaluation.OrderingTimestamp > evaluation.OrderingTimestamp,
  )
}
type TakenResult = { readonly rule: string; readonly evaluation: any }

/** P2, of what goes to Security Hub. */
export function checkFinding(finding: any, estate: Estate): void {
  const status = finding.RecordState === 'ARCHIVED' ? 'ARCHIVED' : finding.Compliance?.Status
  if (finding.GeneratorId === 'pullpath/pull-failure') {
    if (status === 'PASSED') must(!cannotPull(estate), 'P2: a pull is said to work that cannot')
    if (status === 'FAILED') must(cannotPull(estate), 'P2: a pull is said to be broken that works')
    return
  }
  const truth = truthOfFinding(finding, estate)
  if (truth === undefined) return
  const needed = new Map<unknown, Truth['compliance']>([
    ['PASSED', 'COMPLIANT'],
    ['FAILED', 'NON_COMPLIANT'],
    ['ARCHIVED', undefined],
  ])
  const isTrue = !needed.has(status) || needed.get(status) === truth.compliance
  must(isTrue, `P2: Security Hub is told that ${truth.name} is ${status}, and it is ${truth.compliance}`)
}

/** What a finding is about; undefined of what is no resource of the estate. */
export function truthOfFinding(finding: any, estate: Estate): Truth | undefined {
  const name = finding.Resources[0].Id.split('/').at(-1)
  const area = areas.find((one) => finding.GeneratorId === `pullpath/${ruleOf[one].id}`)
  return area && truthOf(area, estate).find((truth) => truth.name === name)
}

/** Whether a result may stand: true, or open. */
export function fits(evaluation: any, { compliance }: Truth): boolean {
  if (evaluation === undefined) return compliance === undefined
  const isOpen = evaluation.Annotation?.startsWith('Undetermined: ') === true
  return isOpen || evaluation.ComplianceType === (compliance ?? 'NOT_APPLICABLE')
}

/** A result in words. */
export function saidOf(evaluation: any): string {
  return evaluation === undefined ? 'nothing' : `${evaluation.ComplianceResourceId} is ${evaluation.ComplianceType}`
}

/** What a sweep says of results on resources that it did not find and could not look for. */
const notTakenBack = /could neither be confirmed nor taken back|none was taken back|Not compared with the results/

/**
 * P7: whoever ends well has brought about what it was for, or names what is missing. `isSettled` says of a resource that no later
 * change of it is to be told of; `lies` that listings were short, which nobody can see.
 */
export function checkSweep(
  made: Deployment,
  { area, time }: { readonly area: Area; readonly time: number },
  estate: Estate,
  { isSettled, lies }: { readonly isSettled: (id: string) => boolean; readonly lies: boolean },
): void {
  const whole = wholeOf(made, area)
  must(
    whole !== undefined && whole.OrderingTimestamp * 1_000 >= time,
    `P7: a sweep of ${area} ended well and says nothing`,
  )
  if (whole.ComplianceType !== 'NOT_APPLICABLE' || lies) return
  const isNamed = notTakenBack.test(whole.Annotation)
  for (const truth of truthOf(area, estate)) {
    if (isSettled(truth.id) && !(isNamed && truth.compliance === undefined)) checkShown(made, area, truth, 'P7')
  }
}

/** What AWS Config shows of a resource is true, or open. */
export function checkShown(made: Deployment, area: Area, truth: Truth, property: string): void {
  const shown = shownIn(made, area).get(`${truth.type} ${truth.id}`)
  must(
    fits(shown, truth),
    `${property}: AWS Config shows that ${saidOf(shown)}, and ${truth.name} is ${truth.compliance ?? 'gone'}`,
  )
}

/** P1: AWS Config has exactly the true results, Security Hub exactly the true findings; `dead` ids could not be delivered. */
export function checkWhole(made: Deployment, area: Area, estate: Estate, dead: ReadonlySet<string>): void {
  const there = truthOf(area, estate).filter(({ compliance }) => compliance !== undefined)
  const results = [...shownIn(made, area).values()]
    .filter((one) => one.ComplianceResourceType !== 'AWS::::Account' && one.ComplianceType !== 'NOT_APPLICABLE')
    .map((one) => `${one.ComplianceResourceId} ${one.ComplianceType}`)
  checkSame(
    'AWS Config',
    results,
    there.map(({ id, compliance }) => `${id} ${compliance}`),
  )
  const findings = made.hub
    .all()
    .map(({ finding }) => finding)
    .filter((one) => one.GeneratorId === `pullpath/${ruleOf[area].id}` && one.RecordState === 'ACTIVE')
    .flatMap((one) => {
      const truth = truthOfFinding(one, estate)
      return truth === undefined || dead.has(one.Id) ? [] : [`${truth.id} ${one.Compliance.Status}`]
    })
  const statuses = there.map(({ id, compliance }) => `${id} ${compliance === 'COMPLIANT' ? 'PASSED' : 'FAILED'}`)
  checkSame('Security Hub', findings, dead.size === 0 ? statuses : statuses.filter((one) => findings.includes(one)))
}

function checkSame(who: string, shown: readonly string[], expected: readonly string[]): void {
  const [is, should] = [shown, expected].map((all) => all.toSorted().join(', '))
  must(is === should, `P1: ${who} shows ${is}; true is ${should}`)
}
