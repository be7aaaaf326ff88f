import { Command, InvalidArgumentError, Option } from 'commander'
import { organizationOf } from '../../shared/engine/organization.ts'
import { typesOf, wantedTypes } from '../../shared/engine/plan.ts'
import { awsManagedPolicy } from '../../shared/iam/aws-managed-policies/managed-policies.ts'
import { buildInventory } from '../../shared/inventory/build.ts'
import type { PullTrace } from '../../shared/model/pull.ts'
import { rule as pullPathRule } from '../../shared/rules/image/image-pull-path.ts'
import { exitCodes } from '../exit-codes.ts'
import { computes, type QuestionOptions, questionOf } from '../explain/question.ts'
import { renderTraces } from '../explain/render-text.ts'
import { resultOf, worstVerdict } from '../explain/result.ts'
import { symbolsFor } from '../explain/symbols.ts'
import { tracesAskedFor } from '../explain/traces-asked-for.ts'
import { helpFooter } from '../help.ts'
import { loadSettings, readInputFiles } from '../input-files.ts'
import { readManifestFiles } from '../manifest-files.ts'
import { print } from '../standard-output.ts'
import { textWidth } from '../text-width.ts'

interface ExplainOptions extends QuestionOptions {
  readonly manifests?: string
  readonly settings?: string
  readonly format: 'text' | 'json'
  readonly color: boolean
  readonly quiet: boolean
}

const exitCodeOf: Readonly<Record<PullTrace['verdict'], number>> = {
  pass: exitCodes.clean,
  fail: exitCodes.failed,
  unknown: exitCodes.uncertain,
}

/** `pullpath explain [paths…]`: the way of an image hop by hop, for workloads that are there or one that is not yet. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('draw the way of an image to a workload, hop by hop: the proof of each, and what mends a broken one')
    .argument('<paths...>', 'files (.json, .json.gz) or directories, as they lie in a Config bucket')
    .option('--workload <arn|name>', 'only this ECS service, EKS node group, EKS Fargate profile or Kubernetes object')
    .option('--image <uri>', 'only this image; with --workload also one it does not use yet')
    .option('--role <arn|name>', 'answer for a workload that does not exist yet: the role that pulls')
    .option(
      '--subnet <id>',
      'with --role: the subnet it starts in (repeatable)',
      collect(/^subnet-[0-9a-z]+$/, 'subnet-…'),
      [],
    )
    .option(
      '--security-group <id>',
      'with --role: a security group of its interface (repeatable)',
      collect(/^sg-[0-9a-z]+$/, 'sg-…'),
      [],
    )
    .option('--public-ip', 'with --role: its interface has a public IPv4 address', false)
    .addOption(new Option('--compute <kind>', 'with --role: what it runs on (default: fargate)').choices(computes))
    .option('--manifests <dir>', 'Kubernetes YAML: the images and secrets of pods')
    .option('--settings <file>', 'YAML settings: central endpoints, who is ours')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .option('--no-color', 'no colours')
    .option('--quiet', 'no progress on stderr', false)
    .addHelpText('after', helpFooter('Exit codes: 0 can pull, 1 cannot pull, 2 bad input, 3 cannot tell'))
    .action(async (paths: string[], options: ExplainOptions) => {
      await explain(paths, options)
    })
}

function collect(form: RegExp, expected: string) {
  return (value: string, previous: readonly string[]): readonly string[] => {
    if (!form.test(value)) throw new InvalidArgumentError(`expected ${expected}.`)
    return [...previous, value]
  }
}

async function explain(paths: readonly string[], options: ExplainOptions): Promise<void> {
  const question = questionOf(options)
  const settings = await loadSettings(options.settings)
  const manifests = options.manifests === undefined ? undefined : await readManifestFiles(options.manifests)
  const files = await readInputFiles(paths, wantedTypes([pullPathRule]), options.quiet)
  const types = typesOf([pullPathRule])
  const inventory = buildInventory({
    ...files,
    types,
    assumeRecorded: settings.assumeRecorded,
    capturedPolicy: awsManagedPolicy,
  })
  const { centralEndpoints } = settings.network
  const world = { inventory, organization: organizationOf(inventory, settings), now: new Date(), centralEndpoints }
  const { traces, leftOut } = tracesAskedFor(question, world, manifests?.workloads ?? [])
  if (leftOut > 0 && !options.quiet) {
    const which = `${leftOut} task ${leftOut === 1 ? 'definition' : 'definitions'} that no service uses`
    process.stderr.write(`pullpath: ${which} left out; name one with --workload\n`)
  }
  const pieces = options.format === 'json' ? resultOf(traces) : renderTraces(traces, renderOptions(options.color))
  const worst = worstVerdict(traces)
  const unread = files.problems.length + (manifests?.problems.length ?? 0)
  await print(pieces, worst === 'pass' && unread > 0 ? exitCodes.uncertain : exitCodeOf[worst])
}

function renderOptions(wanted: boolean): Parameters<typeof renderTraces>[1] {
  const { env, platform, stdout } = process
  const color = stdout.isTTY && wanted && !env.NO_COLOR && env.TERM !== 'dumb'
  return { width: textWidth(process), color, symbols: symbolsFor(env, platform) }
}
