import { organizationOf } from '../../shared/engine/organization.ts'
import { typesOf, wantedTypes } from '../../shared/engine/plan.ts'
import { awsManagedPolicy } from '../../shared/iam/aws-managed-policies/managed-policies.ts'
import { buildInventory } from '../../shared/inventory/build.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { PullTrace } from '../../shared/model/pull.ts'
import type { Candidate } from '../../shared/pull/diagnose/candidate.ts'
import { type JudgedCandidate, judgedBy, tracesNamedIn } from '../../shared/pull/diagnose/confirm.ts'
import { tracesOf } from '../../shared/pull/traces.ts'
import { rule as pullPathRule } from '../../shared/rules/image/image-pull-path.ts'
import { loadSettings, readInputFiles } from '../input-files.ts'

/** Where the configuration lies and whose pull is meant. */
export interface InventoryOptions {
  readonly inventory: readonly string[]
  /** ARN or name; without it the text decides. */
  readonly workload: string | undefined
  readonly settings: string | undefined
  readonly quiet: boolean
}

/** The candidates as the configuration sees them, and the pulls it was asked about. */
export interface Asked {
  readonly candidates: readonly JudgedCandidate[]
  readonly pulls: readonly PullTrace[]
}

/** @throws InputError when the files hold nothing readable, or no workload of that name */
export async function askInventory(
  text: string,
  candidates: readonly Candidate[],
  options: InventoryOptions,
): Promise<Asked> {
  const settings = await loadSettings(options.settings)
  const files = await readInputFiles(options.inventory, wantedTypes([pullPathRule]), options.quiet)
  const inventory = buildInventory({
    ...files,
    types: typesOf([pullPathRule]),
    assumeRecorded: settings.assumeRecorded,
    capturedPolicy: awsManagedPolicy,
  })
  const organization = organizationOf(inventory, settings)
  const traces = tracesOf({
    inventory,
    organization,
    now: new Date(),
    centralEndpoints: settings.network.centralEndpoints,
  })
  const meant = tracesMeant(text, traces, options.workload)
  return { candidates: judgedBy(candidates, meant), pulls: meant }
}

function tracesMeant(text: string, traces: readonly PullTrace[], workload: string | undefined): readonly PullTrace[] {
  if (workload === undefined) return tracesNamedIn(text, traces)
  const found = traces.filter((trace) => trace.workload.arn === workload || trace.workload.name === workload)
  if (found.length === 0)
    throw new InputError(
      `--workload: ${workload}: the files hold no ECS service, EKS node group or EKS Fargate profile of this ARN or name`,
    )
  const named = tracesNamedIn(text, found)
  return named.length === 0 ? found : named
}
