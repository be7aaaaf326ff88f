import { readFile, writeFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { evaluateAccess } from '../../shared/iam/evaluate/evaluate.ts'
import { explainAccess } from '../../shared/iam/evaluate/explain.ts'
import type { AccessCase, Decision } from '../../shared/iam/evaluate/types.ts'
import { InputError } from '../../shared/model/errors.ts'
import { visibleJson } from '../../shared/model/json-escapes.ts'
import { terminalText } from '../../shared/sinks/report/terminal-text.ts'
import { type ReadCase, readCases } from '../access/read-cases.ts'
import { renderCase } from '../access/render-table.ts'
import { accessResult } from '../access/result.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../standard-output.ts'

interface AccessOptions {
  readonly input: string
  readonly format: 'json' | 'table'
  readonly output?: string
}

interface Decided {
  readonly name: string
  readonly case: AccessCase
  readonly decision: Decision
}

/** `pullpath access --input <file>`: requests and their policies in, decisions with their proof out. */
export function accessCommand(): Command {
  return new Command('access')
    .description('decide requests as AWS does, from every policy that has a say')
    .requiredOption('--input <file>', 'JSON file of one case or a list of cases; - for standard input')
    .addOption(new Option('--format <format>', 'output format').choices(['json', 'table']).default('json'))
    .option('--output <file>', 'write the decisions to a file')
    .action(async (options: AccessOptions) => {
      await access(options)
    })
}

async function access(options: AccessOptions): Promise<void> {
  const file = options.input === '-' ? 'standard input' : options.input
  const cases = readCases(await readInput(options.input), file)
  const decided = cases.flatMap(decide)
  const problems = cases.flatMap((one) => (one.ok ? [] : [one.problem]))
  await deliver(decided, options, exitCodeOf(decided, problems))
  for (const problem of problems) process.stderr.write(`pullpath: ${terminalText(problem)}\n`)
}

function exitCodeOf(decided: readonly Decided[], problems: readonly string[]): number {
  if (problems.length > 0) return exitCodes.usage
  return decided.some(({ decision }) => decision.decision === 'unknown') ? exitCodes.uncertain : exitCodes.clean
}

function decide(one: ReadCase): readonly Decided[] {
  return one.ok ? [{ name: one.name, case: one.case, decision: evaluateAccess(one.case) }] : []
}

async function readInput(input: string): Promise<string> {
  try {
    return input === '-' ? await readStandardInput() : await readFile(input, 'utf8')
  } catch (error) {
    throw new InputError(`--input: ${input}: cannot be read (${codeOf(error)}); expected a JSON file of cases`)
  }
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

async function deliver(decided: readonly Decided[], options: AccessOptions, exitCode: number): Promise<void> {
  const pieces = options.format === 'json' ? jsonPieces(decided) : tablePieces(decided)
  if (options.output === undefined) {
    await print(pieces, exitCode)
    return
  }
  process.exitCode = exitCode
  try {
    await writeFile(options.output, pieces)
  } catch (error) {
    throw new InputError(`--output: ${options.output}: cannot be written (${codeOf(error)})`)
  }
}

function* jsonPieces(decided: readonly Decided[]): Generator<string> {
  let separator = '[\n'
  for (const { name, decision } of decided) {
    yield `${separator}${indented(visibleJson(accessResult(name, decision), 2))}`
    separator = ',\n'
  }
  yield decided.length === 0 ? '[]\n' : '\n]\n'
}

function indented(text: string): string {
  return `  ${text.replaceAll('\n', '\n  ')}`
}

function* tablePieces(decided: readonly Decided[]): Generator<string> {
  let separator = ''
  for (const { name, case: one } of decided) {
    yield `${separator}${renderCase(name, one.request, explainAccess(one))}`
    separator = '\n'
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
