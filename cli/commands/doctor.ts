import { Command, InvalidArgumentError, Option } from 'commander'
import { isRegionName } from '../../shared/sources/config-query/expression.ts'
import type { DoctorOptions } from '../doctor/run.ts'
import { helpFooter } from '../help.ts'

/** `pullpath doctor`: whether an account is set up to be audited, and what to do where it is not. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check credentials, regions, AWS Config, Security Hub and permissions of an account')
    .option('--profile <name>', 'profile of the AWS configuration files')
    .option(
      '--region <region>',
      "region to check (repeatable; default: the environment's or the profile's)",
      collectRegion,
      [],
    )
    .option('--security-hub', 'fail where Security Hub is not enabled', false)
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'json']).default('table'))
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      helpFooter(
        'Exit codes: 0 all is well or worth a warning, 1 something fails, 2 bad input or credentials, 3 something could not be checked',
      ),
    )
    .action(async (options: DoctorOptions) => {
      // Loading the clients of AWS takes longer than most other commands do.
      const { doctor } = await import('../doctor/run.ts')
      await doctor(options)
    })
}

function collectRegion(value: string, previous: readonly string[]): readonly string[] {
  if (!isRegionName(value)) throw new InvalidArgumentError('expected the name of a region.')
  return previous.includes(value) ? previous : [...previous, value]
}
