import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { rules } from '../shared/rules/index.ts'
import { bundleLambda } from './bundle.ts'
import { type AuditedArea, auditedAreas, auditors } from './config.ts'
import { enabledRules } from './derive/config-rules.ts'
import { sourcePermissions } from './derive/source-permissions.ts'
import { MemberStack } from './stacks/member-stack.ts'

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
const bundle = (area: AuditedArea) => bundleLambda(auditors[area].entry)
const [ecr, role, vpc] = await Promise.all([bundle('ecr'), bundle('role'), bundle('vpc')])
new MemberStack(app, 'pullpath-member', {
  rules: enabledRules(rules, auditedAreas, extraRules(app)),
  permissions: sourcePermissions,
  code: { ecr, role, vpc },
})
app.synth()
