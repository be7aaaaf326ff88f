import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { rules } from '../shared/rules/index.ts'
import { bundleLambda } from './bundle.ts'
import { auditors, deployedAreas, eventFunctions } from './config.ts'
import { enabledRules } from './derive/config-rules.ts'
import { sourcePermissions } from './derive/source-permissions.ts'
import { MemberStack, type MemberStackProps } from './stacks/member-stack.ts'

/** Rule ids of `-c rules=a,b`: switched on besides those that are on by default. */
function extraRules(app: App): readonly string[] {
  const value: unknown = app.node.tryGetContext('rules')
  if (value === undefined) return []
  if (typeof value !== 'string') throw new Error('context "rules": expected a comma-separated list of rule ids')
  return value
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
}

const app = new App()
Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
// Bundled anew on every synthesis: a template never carries a stale build.
const bundles = Object.entries({ ...auditors, ...eventFunctions }).map(
  async ([name, { entry }]) => [name, await bundleLambda(entry)] as const,
)
new MemberStack(app, 'pullpath-member', {
  rules: enabledRules(rules, deployedAreas, extraRules(app)),
  permissions: sourcePermissions,
  code: Object.fromEntries(await Promise.all(bundles)) as MemberStackProps['code'],
})
app.synth()
