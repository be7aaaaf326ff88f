import { Command } from 'commander'
import wrapAnsi from 'wrap-ansi'
import { shapeOf } from '../../shared/engine/parameters.ts'
import { InputError } from '../../shared/model/errors.ts'
import { judgedTypes, type Rule } from '../../shared/rules/define-rule.ts'
import { rules } from '../../shared/rules/index.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../standard-output.ts'
import { textWidth } from '../text-width.ts'

/** `pullpath rules list|show <id>`. */
export function rulesCommand(): Command {
  const command = new Command('rules').description('the rule catalogue')
  command
    .command('list')
    .description('every rule: id, severity, title; one a line where the output is no terminal')
    .action(async () => {
      await print(listOf(rules, process.stdout.isTTY ? textWidth(process) : Number.POSITIVE_INFINITY), exitCodes.clean)
    })
  command
    .command('show')
    .description('one rule: what it judges, why it matters, how to mend it')
    .argument('<id>', 'rule id')
    .action(async (id: string) => {
      await print(pageOf(ruleNamed(id), textWidth(process)), exitCodes.clean)
    })
  return command
}

function ruleNamed(id: string): Rule {
  const rule = rules.find((candidate) => candidate.id === id)
  if (rule === undefined)
    throw new InputError(`rules show: unknown rule id "${id}"; "pullpath rules list" names them all`)
  return rule
}

/** The catalogue in columns; titles that are too wide go on below themselves. */
export function listOf(catalogue: readonly Rule[], width: number): string {
  const longest = Math.max(...catalogue.map((rule) => rule.id.length))
  const lines = catalogue.map(({ id, severity, title, defaultEnabled }) =>
    below(
      `${id.padEnd(longest)}  ${severity.padEnd(8)}  `,
      `${title}${defaultEnabled ? '' : ' (off by default)'}`,
      width,
    ),
  )
  return `${lines.join('\n')}\n`
}

/** A rule, with a line or more for each thing there is to say of it. */
export function pageOf(rule: Rule, width: number): string {
  const parameters = Object.keys(shapeOf(rule))
  const rows: readonly (readonly [string, string])[] = [
    ['title', rule.title],
    ['severity', rule.severity],
    ['default', rule.defaultEnabled ? 'on' : 'off'],
    ['judges', judgedTypes(rule).join(', ')],
    ['reads', rule.reads.join(', ') || '-'],
    ['parameters', parameters.join(', ') || '-'],
    ['why', rule.why],
    ['fix', rule.fix],
    ...(rule.notes ?? []).map((note): [string, string] => ['note', note]),
    ['docs', rule.url],
  ]
  return [rule.id, ...rows.map(([name, text]) => below(`  ${name.padEnd(10)}  `, text, width)), ''].join('\n')
}

/** A text behind its head, wrapped below itself. A word too long, such as an address, stays whole. */
function below(head: string, text: string, width: number): string {
  if (width === Number.POSITIVE_INFINITY) return head + text
  // Where the head takes most of a line the text starts a line of its own.
  const isNarrow = width - head.length < 24
  const indent = isNarrow ? 4 : head.length
  const lines = wrapAnsi(text, width - indent).split('\n')
  const start = isNarrow ? `${head.trimEnd()}\n${' '.repeat(indent)}` : head
  return start + lines.join(`\n${' '.repeat(indent)}`)
}
