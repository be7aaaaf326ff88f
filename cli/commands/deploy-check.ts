import { Command, Option } from 'commander'
import { gravest } from '../../shared/deploy-check/check.ts'
import { visibleJson } from '../../shared/model/json-escapes.ts'
import { rules } from '../../shared/rules/index.ts'
import { wholeNumber, words } from '../deploy-check/options.ts'
import { type DeployCheckOptions, readPlan } from '../deploy-check/plan.ts'
import { renderDeployChecks } from '../deploy-check/render-table.ts'
import { checksOf } from '../deploy-check/run.ts'
import { exitCodes } from '../exit-codes.ts'
import { helpFooter } from '../help.ts'
import { print } from '../standard-output.ts'
import { textWidth } from '../text-width.ts'

/** `pullpath deploy-check`: whether a planned deployment fits, before anyone deploys. Nothing is asked of AWS. */
export function deployCheckCommand(): Command {
  return new Command('deploy-check')
    .description('check settings, regions, sizes and quotas of a planned deployment; nothing is asked of AWS')
    .requiredOption('--settings <file>', 'settings, YAML or JSON')
    .option('--accounts <number>', 'accounts that are deployed to', wholeNumber(1_000_000))
    .option('--regions <names>', 'regions that are deployed to (comma-separated)', words)
    .option('--home-region <name>', 'the region whose recorder records IAM')
    .option('--organizational-units <ids>', 'roots and units that are deployed to (comma-separated)', words)
    .option('--parameters <file>', 'parameters of the member stack, JSON')
    .option('--template <file>', 'the template of the member stack, JSON')
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'json']).default('table'))
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      helpFooter('Exit codes: 0 nothing would fail, 1 something would, 2 bad usage or a file that cannot be read'),
    )
    .action(async (options: DeployCheckOptions) => {
      const checks = checksOf(await readPlan(options), rules)
      const status = gravest(checks.map((check) => check.status))
      const { env, stdout } = process
      const color = stdout.isTTY && options.color && !env.NO_COLOR && env.TERM !== 'dumb'
      const text =
        options.format === 'json'
          ? `${visibleJson({ status, checks }, 2)}\n`
          : renderDeployChecks(checks, { width: textWidth(process), color })
      await print(text, status === 'error' ? exitCodes.failed : exitCodes.clean)
    })
}
