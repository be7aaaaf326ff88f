import { Command, CommanderError } from 'commander'
import { InputError } from '../shared/model/errors.ts'
import { terminalText } from '../shared/sinks/report/terminal-text.ts'
import { OutputError } from './collect/output-error.ts'
import { accessCommand } from './commands/access.ts'
import { auditCommand } from './commands/audit.ts'
import { collectCommand } from './commands/collect.ts'
import { costCommand } from './commands/cost.ts'
import { deployCheckCommand } from './commands/deploy-check.ts'
import { diagnoseCommand } from './commands/diagnose.ts'
import { doctorCommand } from './commands/doctor.ts'
import { explainCommand } from './commands/explain.ts'
import { permissionsCommand } from './commands/permissions.ts'
import { reachCommand } from './commands/reach.ts'
import { rulesCommand } from './commands/rules.ts'
import { settingsCommand } from './commands/settings.ts'
import { exitCodes } from './exit-codes.ts'
import { helpStyle } from './help.ts'
import { watchOutput } from './standard-output.ts'
import { version } from './version.ts'

const program = new Command('pullpath')
  .description('Decides from configuration who can reach your container images on AWS, and whether they can be pulled.')
  .version(version)
  .exitOverride()
  .configureHelp(helpStyle)
  // One line per error: a hint ("Did you mean …?") stays on it.
  .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll('\n', ' ')}\n`) })
  .addCommand(auditCommand())
  .addCommand(collectCommand())
  .addCommand(rulesCommand())
  .addCommand(accessCommand())
  .addCommand(reachCommand())
  .addCommand(explainCommand())
  .addCommand(diagnoseCommand())
  .addCommand(permissionsCommand())
  .addCommand(doctorCommand())
  .addCommand(settingsCommand())
  .addCommand(costCommand())
  .addCommand(deployCheckCommand())

for (const command of program.commands) {
  command.copyInheritedSettings(program)
  for (const sub of command.commands) sub.copyInheritedSettings(command)
}

watchOutput()

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`pullpath: ${terminalText(message)}\n`)
  if (!(error instanceof InputError) && process.env.PULLPATH_DEBUG) console.error(error)
  return error instanceof OutputError ? exitCodes.unwritable : exitCodes.usage
}
