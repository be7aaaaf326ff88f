import { Command } from 'commander'
import { shapeOf } from '../../shared/engine/parameters.ts'
import { InputError } from '../../shared/model/errors.ts'
import { judgedTypes, type Rule } from '../../shared/rules/define-rule.ts'
import { rules } from '../../shared/rules/index.ts'

/** `pullpath rules list|show <id>`. */
export function rulesCommand(): Command {
  const command = new Command('rules').description('the rule catalogue')
  command
    .command('list')
    .description('every rule: id, severity, title')
    .action(() => {
      process.stdout.write(listOf(rules))
    })
  command
    .command('show')
    .description('one rule: what it judges, why it matters, how to mend it')
    .argument('<id>', 'rule id')
    .action((id: string) => {
      process.stdout.write(pageOf(ruleNamed(id)))
    })
  return command
}

function ruleNamed(id: string): Rule {
  const rule = rules.find((candidate) => candidate.id === id)
  if (rule === undefined)
    throw new InputError(`rules show: unknown rule id "${id}"; "pullpath rules list" names them all`)
  return rule
}

function listOf(catalogue: readonly Rule[]): string {
  const width = Math.max(...catalogue.map((rule) => rule.id.length))
  return catalogue
    .map(
      (rule) =>
        `${rule.id.padEnd(width)}  ${rule.severity.padEnd(8)}  ${rule.title}${rule.defaultEnabled ? '' : ' (off by default)'}\n`,
    )
    .join('')
}

function pageOf(rule: Rule): string {
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
  return [rule.id, ...rows.map(([name, text]) => `  ${name.padEnd(10)}  ${text}`), ''].join('\n')
}
