import { parseArgs } from 'node:util'
import { readCases } from '../../cli/access/read-cases.ts'
import { decisionWords } from '../../cli/access/result.ts'
import { assumedContext } from '../../shared/iam/evaluate/derived-context.ts'
import { evaluateAccess } from '../../shared/iam/evaluate/evaluate.ts'
import { generateCase } from './generate-case.ts'
import type { InputCase } from './input-case.ts'
import { installHint, loadOracle, type Oracle } from './load-oracle.ts'
import { signatureOf } from './signature.ts'
import { simulationOf } from './simulation.ts'
import { smaller } from './smaller.ts'

interface Answers {
  readonly ours: string
  /** Undefined when the oracle refuses the input. */
  readonly theirs: string | undefined
  readonly refusal: string | undefined
  readonly missing: string
}

interface Group {
  count: number
  readonly answers: Answers
  readonly example: InputCase
}

/** Both answers to one case. */
async function answersTo(one: InputCase, oracle: Oracle): Promise<Answers> {
  const [read] = readCases(JSON.stringify(one), 'generated')
  if (read?.ok !== true) throw new Error(read?.problem ?? 'no case')
  const { request } = read.case
  const decision = evaluateAccess(read.case)
  const derived = assumedContext(request.principal, request.resource)
  const answer = await oracle.runSimulation(simulationOf(one, derived), {})
  return {
    ours: decisionWords[decision.decision],
    theirs: answer.overallResult,
    refusal: answer.errors?.message,
    missing: JSON.stringify(decision.missing),
  }
}

/** The smallest case we get to by leaving parts out, on which both still answer as they did. */
async function minimized(one: InputCase, wanted: Answers, oracle: Oracle): Promise<InputCase> {
  let current = one
  for (let shrunk = true; shrunk; ) {
    shrunk = false
    for (const candidate of smaller(current)) {
      const answers = await answersTo(candidate, oracle)
      if (answers.ours !== wanted.ours || answers.theirs !== wanted.theirs) continue
      current = candidate
      shrunk = true
      break
    }
  }
  return current
}

async function compare(oracle: Oracle, count: number, seed: number, minimizedAtMost: number): Promise<void> {
  const groups = new Map<string, Group>()
  const refusals = new Map<string, number>()
  const decisions = new Map<string, number>()
  let agreed = 0
  let unknown = 0
  let differing = 0
  for (let index = 0; index < count; index++) {
    const one = generateCase(seed + index)
    const answers = await answersTo(one, oracle)
    decisions.set(answers.ours, (decisions.get(answers.ours) ?? 0) + 1)
    if (answers.theirs === undefined)
      refusals.set(String(answers.refusal), (refusals.get(String(answers.refusal)) ?? 0) + 1)
    else if (answers.ours === answers.theirs) agreed++
    else {
      if (answers.ours === 'Unknown') unknown++
      differing++
      if (differing <= minimizedAtMost) await note(one, answers, oracle, groups)
    }
  }
  report({ count, seed, agreed, differing, unknown, refusals, decisions, groups })
}

async function note(one: InputCase, answers: Answers, oracle: Oracle, groups: Map<string, Group>): Promise<void> {
  const example = await minimized(one, answers, oracle)
  const key = `ours ${answers.ours}, oracle ${answers.theirs}: ${signatureOf(example)}`
  const group = groups.get(key)
  if (group) group.count++
  else groups.set(key, { count: 1, answers: await answersTo(example, oracle), example })
}

interface Outcome {
  readonly count: number
  readonly seed: number
  readonly agreed: number
  readonly differing: number
  readonly unknown: number
  readonly refusals: ReadonlyMap<string, number>
  readonly decisions: ReadonlyMap<string, number>
  readonly groups: ReadonlyMap<string, Group>
}

function report(outcome: Outcome): void {
  const compared = outcome.agreed + outcome.differing
  const share = ((100 * outcome.agreed) / Math.max(1, compared)).toFixed(2)
  console.log(`${outcome.count} cases from seed ${outcome.seed}; ours: ${listed(outcome.decisions)}`)
  console.log(`refused by the oracle: ${listed(outcome.refusals) || 'none'}`)
  console.log(
    `agreed ${outcome.agreed} of ${compared} (${share} %); differ ${outcome.differing}, of these unknown ${outcome.unknown}`,
  )
  for (const [key, group] of [...outcome.groups].sort((a, b) => b[1].count - a[1].count)) {
    console.log(`\n${group.count} x ${key}`)
    if (group.answers.missing !== '[]') console.log(`  missing ${group.answers.missing}`)
    console.log(`  ${JSON.stringify(group.example)}`)
  }
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ')
}

const { values } = parseArgs({
  options: {
    oracle: { type: 'string' },
    count: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    minimize: { type: 'string', default: '300' },
  },
})
const oracle = loadOracle(values.oracle)
if (oracle === undefined) console.log(installHint)
else await compare(oracle, Number(values.count), Number(values.seed), Number(values.minimize))
