import { Command } from 'commander'
import type { CollectOptions } from '../collect/collect.ts'
import { withScopeOptions } from '../collect/scope-options.ts'
import { helpFooter } from '../help.ts'

/** `pullpath collect`: an account or an organization in, snapshot files and their coverage out. */
export function collectCommand(): Command {
  const command = new Command('collect')
    .description('read an account or a whole organization into AWS Config snapshot files')
    .requiredOption('--output <dir>', 'directory to write to; a collection that was cut off there is gone on with')
  return withScopeOptions(command)
    .option('--fresh', 'read everything anew, whatever the directory holds of earlier collections', false)
    .option('--quiet', 'no progress on stderr', false)
    .addHelpText(
      'after',
      helpFooter(
        'Exit codes: 0 all is covered, 2 bad input, 3 something is not covered, 4 cannot write, 130 and 143 ended by a signal',
      ),
    )
    .action(async (options: CollectOptions) => {
      // Loading the clients of AWS takes longer than most other commands do.
      const { collect } = await import('../collect/collect.ts')
      const { code, cutOff } = await collect(options)
      process.exitCode = code
      // What did not end in time would keep the process alive.
      if (cutOff) process.exit()
    })
}
