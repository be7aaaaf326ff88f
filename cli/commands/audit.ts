import { Command, InvalidArgumentError, Option } from 'commander'
import { selectRules } from '../../shared/engine/plan.ts'
import { isAccountId } from '../../shared/model/arn.ts'
import { InputError } from '../../shared/model/errors.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { renderJson } from '../../shared/sinks/report/json.ts'
import type { Report } from '../../shared/sinks/report/report.ts'
import { renderTable } from '../../shared/sinks/report/table.ts'
import { terminalText } from '../../shared/sinks/report/terminal-text.ts'
import { type AuditQuestion, auditSnapshot, tagsToRead, typesToRead } from '../audit/audit-snapshot.ts'
import type { LiveSnapshot } from '../audit/live-snapshot.ts'
import { isNamed, missingScopes } from '../audit/missing-scopes.ts'
import { writeOutput } from '../collect/atomic-file.ts'
import { coverageTable } from '../collect/coverage-table.ts'
import { cannotWrite } from '../collect/output-error.ts'
import { type ScopeOptions, several, withScopeOptions } from '../collect/scope-options.ts'
import { exitCodes, type FailOn, failOnValues } from '../exit-codes.ts'
import { helpFooter } from '../help.ts'
import { loadSettings, readInputFiles } from '../input-files.ts'
import { readManifestFiles } from '../manifest-files.ts'
import { print } from '../standard-output.ts'
import { textWidth } from '../text-width.ts'

interface AuditOptions extends ScopeOptions {
  readonly live: boolean
  readonly rule: readonly string[]
  readonly account: readonly string[]
  readonly manifests?: string
  readonly settings?: string
  readonly format: 'table' | 'json'
  readonly output?: string
  readonly failOn: FailOn
  readonly all: boolean
  readonly color: boolean
  readonly quiet: boolean
}

/** `pullpath audit [paths…]` or `--live`: AWS Config files or accounts in, report and exit code out. */
export function auditCommand(): Command {
  const command = new Command('audit')
    .description('judge what AWS Config snapshot and history files hold, or live accounts')
    .argument('[paths...]', 'files (.json, .json.gz) or directories, as they lie in a Config bucket')
    .option('--rule <id>', 'run only this rule, also when it is off by default (repeatable)', several, [])
    .option('--account <id>', 'judge only this account (repeatable)', anotherAccount, [])
    .option(
      '--region <region>',
      'judge only this region, and what belongs to the account as a whole, such as roles; with --live, read it (repeatable)',
      several,
      [],
    )
    .option('--manifests <dir>', 'Kubernetes YAML: trace the images of pods too')
    .option('--settings <file>', 'YAML settings: who is trusted, which rules run')
    .addOption(new Option('--format <format>', 'report format').choices(['table', 'json']).default('table'))
    .option('--output <file>', 'write the report to a file')
    .addOption(new Option('--fail-on <severity>', 'exit 1 from this severity on').choices(failOnValues).default('low'))
    .option('--all', 'list compliant and not applicable results too', false)
    .option('--no-color', 'no colours')
    .option('--quiet', 'no progress on stderr', false)
    .option('--live', 'read accounts instead of files; the options below say which', false)
  return withScopeOptions(command)
    .addHelpText(
      'after',
      helpFooter(
        'Exit codes: 0 nothing at or above --fail-on, 1 something is, 2 bad input, 3 something is undetermined or not covered, 4 cannot write, 130 and 143 ended by a signal',
      ),
    )
    .action(async (paths: string[], options: AuditOptions) => {
      const { code, cutOff } = await audit(paths, options)
      process.exitCode = code
      // What did not end in time would keep the process alive.
      if (cutOff) process.exit()
    })
}

function anotherAccount(value: string, previous: readonly string[]): readonly string[] {
  if (!isAccountId(value)) throw new InvalidArgumentError('expected a 12-digit account id.')
  return [...previous, value]
}

interface Ended {
  readonly code: number
  readonly cutOff: boolean
}

async function audit(paths: readonly string[], options: AuditOptions): Promise<Ended> {
  refuseMixture(paths, options)
  const settings = await loadSettings(options.settings)
  const rules = selectRules(catalogue, settings, options.rule)
  const now = new Date()
  const manifests = options.manifests === undefined ? {} : { manifests: await readManifestFiles(options.manifests) }
  const question = { rules, settings, now, failOn: options.failOn, ...manifests }
  return options.live ? auditLive(options, question) : auditFiles(paths, options, question)
}

type Question = Omit<AuditQuestion, 'isJudged' | 'isReported' | 'missing'>

async function auditFiles(paths: readonly string[], options: AuditOptions, question: Question): Promise<Ended> {
  const files = await readInputFiles(paths, typesToRead(question), options.quiet)
  const isChosen = isNamed(options)
  const missing: AuditQuestion['missing'] = (scopes) => missingScopes(options, scopes)
  const answer = auditSnapshot(files, { ...question, isJudged: isChosen, isReported: isChosen, missing })
  await deliver(answer.report, options, answer.exitCode)
  return { code: answer.exitCode, cutOff: false }
}

/** What is read is what is judged: `--region` has done its work by then. */
async function auditLive(options: AuditOptions, question: Question): Promise<Ended> {
  // Loading the clients of AWS takes longer than an audit of files.
  const { readLive } = await import('../audit/live-snapshot.ts')
  const wanted = { types: typesToRead(question), tags: tagsToRead(question) }
  const live = await readLive(options, wanted, () => new Date())
  const code = live.stopped?.exitCode
  if (code !== undefined) return interrupted(live, code)
  const named = { account: options.account, region: [] }
  const isChosen = isNamed(named)
  const answer = auditSnapshot(live.files, {
    ...question,
    isJudged: isChosen,
    isReported: (row) => isChosen(row) && live.isReported(row),
    missing: (scopes) => missingScopes(named, scopes, 'it is not among what was read'),
  })
  // Stopped before it was known who reads, nothing is covered and no row says so.
  const isEmpty = live.ledger.accountIds.length === 0 && answer.exitCode === exitCodes.clean
  const exitCode = isEmpty ? exitCodes.uncertain : answer.exitCode
  await deliver(answer.report, options, exitCode)
  if (live.stopped) process.stderr.write(`pullpath: ${terminalText(live.stopped.message)}\n`)
  return { code: exitCode, cutOff: live.stopped !== undefined }
}

/** Half a report is none: only what was read is told. */
function interrupted({ ledger, stopped }: LiveSnapshot, code: number): Ended {
  const why = stopped?.message ?? ''
  process.stderr.write(`${coverageTable(ledger, why)}pullpath: ${terminalText(why)}\n`)
  return { code, cutOff: true }
}

function refuseMixture(paths: readonly string[], options: AuditOptions): void {
  if (options.live && paths.length > 0) throw new InputError('--live: reads accounts, so name no paths')
  if (options.live) return
  if (paths.length === 0)
    throw new InputError('name the paths of AWS Config files or directories, or read accounts with --live')
  const live = {
    '--profile': options.profile,
    '--all-regions': options.allRegions,
    '--organization': options.organization,
    '--role-name': options.roleName,
    '--external-id': options.externalId,
    '--accounts': options.accounts,
    '--ou': options.ou,
    '--aggregator': options.aggregator,
    '--images': options.images,
    '--no-config': options.config ? undefined : true,
    '--timeout': options.timeout,
  }
  const [stray] = Object.entries(live).filter(([, value]) => value !== undefined)
  if (stray !== undefined) throw new InputError(`${stray[0]}: needs --live`)
}

async function deliver(report: Report, options: AuditOptions, exitCode: number): Promise<void> {
  const pieces = options.format === 'json' ? renderJson(report) : [renderTable(report, tableOptions(options))]
  if (options.output === undefined) {
    await print(pieces, exitCode)
    return
  }
  try {
    await writeOutput(options.output, pieces)
  } catch (error) {
    throw cannotWrite('--output', options.output, error)
  }
}

function tableOptions(options: AuditOptions): Parameters<typeof renderTable>[1] {
  const terminal = options.output === undefined && process.stdout.isTTY
  const color = terminal && options.color && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  return { width: options.output === undefined ? textWidth(process) : 100, color, all: options.all }
}
