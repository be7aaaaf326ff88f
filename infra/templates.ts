import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, type Stack } from 'aws-cdk-lib'
import { rules } from '../shared/rules/index.ts'
import { bundleLambda } from './bundle.ts'
import { auditors, deployedAreas, eventFunctions } from './config.ts'
import { deployableRules } from './derive/config-rules.ts'
import { sourcePermissions } from './derive/source-permissions.ts'
import { hubFunctions } from './hub-config.ts'
import { GuardrailStack } from './stacks/guardrail-stack.ts'
import { HubStack, type HubStackProps } from './stacks/hub-stack.ts'
import { MemberStack, type MemberStackProps } from './stacks/member-stack.ts'

/** Names of the stacks, and of the files of their templates. */
export const stackNames = { member: 'pullpath-member', hub: 'pullpath-hub', guardrail: 'pullpath-guardrail' } as const

/** The bundles of the functions of every stack. */
export interface Bundles {
  readonly member: MemberStackProps['code']
  readonly hub: HubStackProps['code']
}

/** Bundles every function anew: a template never carries a stale build. */
export async function bundleAll(): Promise<Bundles> {
  const member = { ...auditors, ...eventFunctions }
  const [ofMember, ofHub] = await Promise.all([bundled(member), bundled(hubFunctions)])
  return { member: ofMember, hub: ofHub }
}

async function bundled<Name extends string>(
  functions: Readonly<Record<Name, { readonly entry: string }>>,
): Promise<Readonly<Record<Name, string>>> {
  const entries = Object.entries<{ readonly entry: string }>(functions)
  const bundles = entries.map(async ([name, { entry }]) => [name, await bundleLambda(entry)] as const)
  return Object.fromEntries(await Promise.all(bundles)) as Record<Name, string>
}

/** The member stack in an app, with every rule of the catalogue that can be deployed. */
export function addMemberStack(app: App, code: MemberStackProps['code']): MemberStack {
  const permissions = sourcePermissions
  return new MemberStack(app, stackNames.member, { rules: deployableRules(rules, deployedAreas), permissions, code })
}

/** The text of a template by itself, as it would be deployed. */
export async function templateText(make: (app: App) => Stack): Promise<string> {
  const outdir = await mkdtemp(join(tmpdir(), 'pullpath-template-'))
  try {
    const app = new App({ outdir, analyticsReporting: false })
    const { stackName } = make(app)
    return JSON.stringify(app.synth().getStackByName(stackName).template)
  } finally {
    await rm(outdir, { recursive: true })
  }
}

/** The templates without assets, by the names of their stacks: each is one file that anyone can deploy. */
export async function selfContainedTemplates({ member, hub }: Bundles): Promise<ReadonlyMap<string, string>> {
  return new Map([
    [stackNames.member, await templateText((app) => addMemberStack(app, member))],
    [stackNames.hub, await templateText((app) => new HubStack(app, stackNames.hub, { code: hub }))],
    [stackNames.guardrail, await templateText((app) => new GuardrailStack(app, stackNames.guardrail))],
  ])
}

/**
 * Writes the member template to a file of its own and hands its path to `use`, which has to be done with it when it returns: the
 * CDK copies the files of assets at once.
 */
export async function withMemberTemplate(template: string, use: (file: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pullpath-member-'))
  const file = join(folder, `${stackNames.member}.template.json`)
  try {
    await writeFile(file, template)
    use(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}
