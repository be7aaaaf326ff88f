import { Command, InvalidArgumentError, Option } from 'commander'
import { organizationOf } from '../../shared/engine/organization.ts'
import { awsManagedPolicy } from '../../shared/iam/aws-managed-policies/managed-policies.ts'
import { buildInventory } from '../../shared/inventory/build.ts'
import { visibleJson } from '../../shared/model/json-escapes.ts'
import type { ReachVerdict } from '../../shared/network/types.ts'
import { exitCodes } from '../exit-codes.ts'
import { helpFooter } from '../help.ts'
import { loadSettings, readInputFiles } from '../input-files.ts'
import { answerOf } from '../reach/answer.ts'
import { originOf, parseFrom } from '../reach/origin.ts'
import { renderAnswer } from '../reach/render-table.ts'
import { resultOf } from '../reach/result.ts'
import { destinationsOf, parseTo } from '../reach/target.ts'
import { wantedTypes } from '../reach/wanted-types.ts'
import { print } from '../standard-output.ts'
import { textWidth } from '../text-width.ts'

interface ReachCommandOptions {
  readonly from: string
  readonly to: string
  readonly securityGroup: readonly string[]
  readonly publicIp: boolean
  readonly settings?: string
  readonly format: 'table' | 'json'
  readonly color: boolean
  readonly quiet: boolean
}

const exitCodeOf: Record<ReachVerdict, number> = {
  reachable: exitCodes.clean,
  blocked: exitCodes.failed,
  unknown: exitCodes.uncertain,
}

/** `pullpath reach --from … --to … [paths…]`: whether a host is reachable, hop by hop, from AWS Config files. */
export function reachCommand(): Command {
  return new Command('reach')
    .description('tell whether a subnet, network interface or workload reaches a host, by which way, or what blocks it')
    .argument('<paths...>', 'files (.json, .json.gz) or directories, as they lie in a Config bucket')
    .requiredOption(
      '--from <source>',
      'subnet-…, eni-…, or the ARN of an ECS service, EKS node group or EKS Fargate profile',
    )
    .requiredOption('--to <target>', 'ecr (both hosts of the region), s3 (its layer bucket), or a host name')
    .option('--security-group <id>', 'security group of an interface in the subnet (repeatable)', collectGroup, [])
    .option('--public-ip', 'the interface in the subnet has a public IPv4 address', false)
    .option('--settings <file>', 'YAML settings: central endpoints that the files cannot show')
    .addOption(new Option('--format <format>', 'output format').choices(['table', 'json']).default('table'))
    .option('--no-color', 'no colours')
    .option('--quiet', 'no progress on stderr', false)
    .addHelpText('after', helpFooter('Exit codes: 0 reachable, 1 blocked, 2 bad input, 3 unknown'))
    .action(async (paths: string[], options: ReachCommandOptions) => {
      await reach(paths, options)
    })
}

function collectGroup(value: string, previous: readonly string[]): readonly string[] {
  if (!/^sg-[0-9a-z]+$/.test(value)) throw new InvalidArgumentError('expected sg-….')
  return [...previous, value]
}

async function reach(paths: readonly string[], options: ReachCommandOptions): Promise<void> {
  const from = parseFrom(options.from, options.securityGroup, options.publicIp)
  const target = parseTo(options.to)
  const settings = await loadSettings(options.settings)
  const files = await readInputFiles(paths, wantedTypes, options.quiet)
  const inventory = buildInventory({
    ...files,
    types: [...wantedTypes],
    assumeRecorded: settings.assumeRecorded,
    capturedPolicy: awsManagedPolicy,
  })
  const origin = originOf(from, inventory)
  const destinations = destinationsOf(target, origin.region)
  const world = { inventory, organization: organizationOf(inventory, settings), now: new Date() }
  const answer = answerOf(origin, target, destinations, world, settings.network)
  const output =
    options.format === 'json'
      ? `${visibleJson(resultOf(answer), 2)}\n`
      : renderAnswer(answer, renderOptions(options.color))
  await print(output, exitCodeOf[answer.verdict])
}

function renderOptions(wanted: boolean): Parameters<typeof renderAnswer>[1] {
  const terminal = process.stdout.isTTY
  const color = terminal && wanted && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  return { width: textWidth(process), color }
}
