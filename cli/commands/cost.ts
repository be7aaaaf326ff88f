import { Command, Option } from 'commander'
import { costOf } from '../../shared/cost/cost.ts'
import { alarmLevels } from '../../shared/cost/deployment.ts'
import { csvOf } from '../cost/csv.ts'
import { jsonOf } from '../cost/json.ts'
import { renderCosts } from '../cost/render-table.ts'
import { type CostOptions, deploymentsOf, named, namesHelp, ruleSetOption, wholeNumbers } from '../cost/request.ts'
import { exitCodes } from '../exit-codes.ts'
import { helpFooter } from '../help.ts'
import { loadSettings } from '../input-files.ts'
import { print } from '../standard-output.ts'
import { textWidth } from '../text-width.ts'

/** `pullpath cost`: what a deployment costs in a month. */
export function costCommand(): Command {
  return new Command('cost')
    .description(
      'estimate what a deployment costs in a month, from how much there is, how often it changes, and list prices',
    )
    .option('--accounts <numbers>', 'accounts; several numbers (10,100,1000) are compared', wholeNumbers(100_000), [1])
    .option('--regions <number>', 'regions of each account', wholeNumbers(100), [1])
    .option('--settings <file>', 'settings: which rules are on')
    .option(
      '--rule-sets <sets>',
      'rules of each area: recommended, all or none (ecr=recommended,role=all,…)',
      ruleSetOption,
    )
    .option('--count <name=number>', 'how many there are, in each account and region (repeatable)', named)
    .option('--changed <name=percent>', 'percent of them that change in a month (repeatable)', named)
    .option('--rate <name=number>', 'how often something else happens in a month (repeatable)', named)
    .option('--price <name=usd>', 'a price of your own instead of the list price (repeatable)', named)
    .addOption(
      new Option('--alarms <level>', 'alarms of each account and region').choices(alarmLevels).default('evidence'),
    )
    .option('--no-security-hub', 'findings go to AWS Config only')
    .option('--no-hub', 'accounts stand alone: no published settings, no reports')
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'json', 'csv']).default('table'))
    .option('--verbose', 'also what the estimate rests on: numbers and prices, with their sources', false)
    .addHelpText('after', helpFooter(namesHelp))
    .action(async (options: CostOptions) => {
      const deployments = deploymentsOf(options, await loadSettings(options.settings))
      const costs = deployments.map((deployment) => ({ deployment, cost: costOf(deployment) }))
      const renderers = {
        table: () => renderCosts(costs, { width: textWidth(process), verbose: options.verbose }),
        json: () => jsonOf(costs),
        csv: () => csvOf(costs),
      }
      await print(renderers[options.format](), exitCodes.clean)
    })
}
