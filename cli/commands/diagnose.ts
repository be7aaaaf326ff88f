import { Command, Option } from 'commander'
import { InputError } from '../../shared/model/errors.ts'
import { visibleJson } from '../../shared/model/json-escapes.ts'
import type { Candidate } from '../../shared/pull/diagnose/candidate.ts'
import { diagnose } from '../../shared/pull/diagnose/diagnose.ts'
import { type Asked, askInventory } from '../diagnose/ask-inventory.ts'
import { readErrorText } from '../diagnose/read-text.ts'
import { renderCandidates } from '../diagnose/render-text.ts'
import { resultOf } from '../diagnose/result.ts'
import { exitCodes } from '../exit-codes.ts'
import { helpFooter } from '../help.ts'
import { print } from '../standard-output.ts'
import { textWidth } from '../text-width.ts'

interface DiagnoseOptions {
  readonly file?: string
  readonly inventory?: readonly string[]
  readonly workload?: string
  readonly settings?: string
  readonly format: 'text' | 'json'
  readonly color: boolean
  readonly quiet: boolean
}

/** `pullpath diagnose [text]`: the text of an error in, what it may mean out. */
export function diagnoseCommand(): Command {
  return new Command('diagnose')
    .description('tell from the text of an error which hop of a pull broke, what to check and how')
    .argument('[text]', 'the error: a stopped reason, events of a pod, a log, JSON of an event; - for standard input')
    .option('--file <file>', 'read the text from a file; - for standard input')
    .option('--inventory <paths...>', 'AWS Config files: say which candidate the configuration confirms')
    .option('--workload <arn|name>', 'whose pull it was; else the text decides')
    .option('--settings <file>', 'YAML settings: central endpoints that the files cannot show')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .option('--no-color', 'no colours')
    .option('--quiet', 'no progress on stderr', false)
    .addHelpText('after', helpFooter('Exit codes: 0 at least one candidate, 2 bad input, 3 no known error of a pull'))
    .action(async (text: string | undefined, options: DiagnoseOptions) => {
      await run(text, options)
    })
}

async function run(argument: string | undefined, options: DiagnoseOptions): Promise<void> {
  const { inventory } = options
  if (inventory === undefined && options.workload !== undefined)
    throw new InputError('--workload: only goes with --inventory')
  const text = await readErrorText(argument, options.file)
  const found = diagnose(text)
  const asked = inventory === undefined ? undefined : await ask(text, found, inventory, options)
  const candidates = asked?.candidates ?? found
  const isKnown = candidates.length > 0
  if (!isKnown) process.stderr.write('pullpath: nothing in the text is a known error of an image pull\n')
  const pulls = asked?.pulls
  const output = () => {
    if (options.format === 'json') return `${visibleJson(resultOf(candidates, pulls), 2)}\n`
    return isKnown ? renderCandidates(candidates, pulls ?? [], renderOptions(options.color)) : ''
  }
  await print(output(), isKnown ? exitCodes.clean : exitCodes.uncertain)
}

async function ask(
  text: string,
  found: readonly Candidate[],
  inventory: readonly string[],
  { workload, settings, quiet }: DiagnoseOptions,
): Promise<Asked> {
  const asked = await askInventory(text, found, { inventory, workload, settings, quiet })
  const workloads = new Set(asked.pulls.map((pull) => pull.workload.arn)).size
  const note =
    workloads === 0
      ? 'the text names no workload, image or role of the files; --workload names one'
      : `the text fits ${workloads} workloads of the files; --workload names one`
  if (workloads !== 1 && found.length > 0) process.stderr.write(`pullpath: ${note}\n`)
  return asked
}

function renderOptions(wanted: boolean): Parameters<typeof renderCandidates>[2] {
  const terminal = process.stdout.isTTY
  const color = terminal && wanted && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  return { width: textWidth(process), color }
}
