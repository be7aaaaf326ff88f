import { writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import { auditInventory } from '../../shared/engine/audit.ts'
import { organizationOf } from '../../shared/engine/organization.ts'
import { selectRules, typesOf, wantedTypes } from '../../shared/engine/plan.ts'
import { buildInventory } from '../../shared/inventory/build.ts'
import { isAccountId } from '../../shared/model/arn.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { PullTrace } from '../../shared/model/pull.ts'
import type { CoverageEntry } from '../../shared/model/resource.ts'
import type { TraceWorld } from '../../shared/pull/trace-types.ts'
import { tracesOf } from '../../shared/pull/traces.ts'
import { judgedTypes } from '../../shared/rules/define-rule.ts'
import { rule as pullPathRule } from '../../shared/rules/image/image-pull-path.ts'
import { rules as catalogue } from '../../shared/rules/index.ts'
import { renderJson } from '../../shared/sinks/report/json.ts'
import type { Report } from '../../shared/sinks/report/report.ts'
import { renderTable } from '../../shared/sinks/report/table.ts'
import type { SnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'
import { exitCodeOf, type FailOn, failOnValues, pullsOfManifests } from '../exit-codes.ts'
import { loadSettings, readInputFiles } from '../input-files.ts'
import { type Manifests, readManifestFiles } from '../manifest-files.ts'
import { textWidth } from '../text-width.ts'
import { canTrace } from '../traced-pulls.ts'
import { version } from '../version.ts'

interface AuditOptions {
  readonly rule: readonly string[]
  readonly account: readonly string[]
  readonly region: readonly string[]
  readonly manifests?: string
  readonly settings?: string
  readonly format: 'table' | 'json'
  readonly output?: string
  readonly failOn: FailOn
  readonly all: boolean
  readonly color: boolean
  readonly quiet: boolean
}

/** `pullpath audit [paths…]`: AWS Config files in, report and exit code out. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('judge what AWS Config snapshot and history files hold')
    .argument('<paths...>', 'files (.json, .json.gz) or directories, as they lie in a Config bucket')
    .option('--rule <id>', 'run only this rule, also when it is off by default (repeatable)', collect, [])
    .option('--account <id>', 'judge only this account (repeatable)', collectAccount, [])
    .option('--region <region>', 'judge only this region (repeatable)', collect, [])
    .option('--manifests <dir>', 'Kubernetes YAML: trace the images of pods too')
    .option('--settings <file>', 'YAML settings: who is trusted, which rules run')
    .addOption(new Option('--format <format>', 'report format').choices(['table', 'json']).default('table'))
    .option('--output <file>', 'write the report to a file')
    .addOption(new Option('--fail-on <severity>', 'exit 1 from this severity on').choices(failOnValues).default('low'))
    .option('--all', 'list compliant and not applicable results too', false)
    .option('--no-color', 'no colours')
    .option('--quiet', 'no progress on stderr', false)
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing at or above --fail-on, 1 something is, 2 bad input, 3 something is undetermined or not covered',
    )
    .action(async (paths: string[], options: AuditOptions) => {
      process.exitCode = await audit(paths, options)
    })
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value]
}

function collectAccount(value: string, previous: readonly string[]): readonly string[] {
  if (!isAccountId(value)) throw new InvalidArgumentError('expected a 12-digit account id.')
  return [...previous, value]
}

async function audit(paths: readonly string[], options: AuditOptions): Promise<number> {
  const settings = await loadSettings(options.settings)
  const rules = selectRules(catalogue, settings, options.rule)
  const now = new Date()
  const manifests = options.manifests === undefined ? undefined : await readManifestFiles(options.manifests)
  // Pulls of manifests are traced whatever the rules.
  const reading = manifests === undefined ? rules : [...rules, pullPathRule]
  const files = await readInputFiles(paths, wantedTypes(reading), options.quiet)
  const inventory = buildInventory({
    ...files,
    types: typesOf(reading),
    assumeRecorded: settings.assumeRecorded,
  })
  const chosen = (place: { accountId: string; region: string }) =>
    (options.account.length === 0 || options.account.includes(place.accountId)) &&
    (options.region.length === 0 || options.region.includes(place.region))
  const organization = organizationOf(inventory, settings)
  const findings = auditInventory({ inventory, rules, settings, organization, now, only: chosen })
  const { centralEndpoints } = settings.network
  const world = { inventory, organization, now, centralEndpoints }
  const pulls = canTrace(wantedTypes(reading)) ? tracedPulls(world, manifests, chosen) : []
  const coverage = [
    ...inventory.coverage.filter(chosen),
    ...missingScopes(options, inventory.scopes),
    ...files.problems.map(problemRow),
  ]
  const why = new Map(rules.map((rule) => [rule.id, rule.why]))
  const report = { tool: { name: 'pullpath', version }, generatedAt: now.toISOString(), findings, coverage, pulls, why }
  await deliver(report, options)
  const problems = files.problems.length + (manifests?.problems ?? 0)
  const judged = new Set(rules.flatMap(judgedTypes))
  return exitCodeOf({ findings, coverage, judged, problems, unjudged: pullsOfManifests(pulls) }, options.failOn)
}

function tracedPulls(
  world: TraceWorld,
  manifests: Manifests | undefined,
  chosen: (place: PullTrace['workload']) => boolean,
): readonly PullTrace[] {
  return tracesOf(world, { manifests: manifests?.workloads ?? [] }).filter(({ workload }) => chosen(workload))
}

function problemRow(problem: SnapshotFiles['problems'][number]): CoverageEntry {
  return {
    accountId: problem.accountId ?? 'unknown',
    region: problem.region ?? 'unknown',
    resourceType: '*',
    status: 'unknown',
    reason: `${problem.file}: ${problem.reason}`,
  }
}

/** An account or region that was asked for and of which the files hold nothing is not covered. */
function missingScopes(
  options: AuditOptions,
  scopes: readonly { accountId: string; region: string }[],
): readonly CoverageEntry[] {
  const reason = 'the files hold no item of it'
  const row = (accountId: string, region: string): CoverageEntry => ({
    accountId,
    region,
    resourceType: '*',
    status: 'unknown',
    reason,
  })
  const accounts = options.account.filter((id) => !scopes.some((scope) => scope.accountId === id))
  const regions = options.region.filter((name) => !scopes.some((scope) => scope.region === name))
  const pairs = options.account.flatMap((id) => options.region.map((name) => [id, name] as const))
  const absent = pairs.filter(
    ([id, name]) =>
      !accounts.includes(id) &&
      !regions.includes(name) &&
      !scopes.some((scope) => scope.accountId === id && scope.region === name),
  )
  return [
    ...accounts.map((id) => row(id, '*')),
    ...regions.map((name) => row('*', name)),
    ...absent.map(([id, name]) => row(id, name)),
  ]
}

async function deliver(report: Report, options: AuditOptions): Promise<void> {
  const pieces = options.format === 'json' ? renderJson(report) : [renderTable(report, tableOptions(options))]
  if (options.output === undefined) {
    await pipeline(Readable.from(pieces), process.stdout, { end: false })
    return
  }
  try {
    await writeFile(options.output, pieces)
  } catch (error) {
    throw new InputError(`--output: ${options.output}: cannot be written (${codeOf(error)})`)
  }
}

function tableOptions(options: AuditOptions): Parameters<typeof renderTable>[1] {
  const terminal = options.output === undefined && process.stdout.isTTY
  const color = terminal && options.color && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  return { width: options.output === undefined ? textWidth(process) : 100, color, all: options.all }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
