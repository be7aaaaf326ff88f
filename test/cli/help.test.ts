import { Command } from 'commander'
import { expect, it } from 'vitest'
import { auditCommand } from '../../cli/commands/audit.ts'
import { costCommand } from '../../cli/commands/cost.ts'
import { deployCheckCommand } from '../../cli/commands/deploy-check.ts'
import { helpFooter, helpStyle } from '../../cli/help.ts'

const place = { stdout: { isTTY: true, columns: 40 } } as unknown as Pick<NodeJS.Process, 'stdout'>

function helpOf(command: Command): string {
  const written: string[] = []
  const writeOut = (text: string): void => {
    written.push(text)
  }
  command
    .configureHelp(helpStyle)
    .configureOutput({ writeOut, getOutHelpWidth: () => 80 })
    .outputHelp()
  return written.join('')
}

it.each([auditCommand, costCommand, deployCheckCommand])('no line of it is wider than 80 columns', (command) => {
  expect(
    helpOf(command())
      .split('\n')
      .filter((line) => line.length > 80),
  ).toEqual([])
})

it('says which options a command cannot do without', () => {
  const text = helpOf(new Command('any').requiredOption('--settings <file>', 'the settings').option('--all', 'all'))
  expect(text).toContain('--settings <file>  the settings (required)\n')
  expect(text).toContain('--all              all\n')
})

it('ends with a text that goes on further right than it begins', () => {
  const text = helpFooter(
    'Exit codes: 0 all is well, 1 something is not\n  name    a description of it that is long',
    place,
  )
  expect(text()).toBe(
    [
      '',
      'Exit codes: 0 all is well, 1 something',
      '  is not',
      '  name    a description of it that',
      '    is long',
    ].join('\n'),
  )
})
