import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { GuardrailStack } from '../../infra/stacks/guardrail-stack.ts'
import { HubStack, type HubStackProps } from '../../infra/stacks/hub-stack.ts'

/** What people choose in tests. */
export const chosen = {
  OrganizationId: 'o-abcdefghij',
  OrganizationalUnits: 'r-ab12,ou-ab12-abcdefgh',
  Regions: 'eu-central-1,us-east-1',
  AggregatorExternalId: '0123456789abcdef0123456789abcdef',
  MemberTemplateUrl: 'https://templates.s3.amazonaws.com/pullpath-member.template.json',
}

const nothing = 'exports.handler=0'
/** In place of the bundles, where only the rest of the template matters. */
export const noHubCode: HubStackProps['code'] = { organization: nothing, report: nothing }

/** The hub as it is written to dist. */
export function hubStack(code = noHubCode) {
  const app = new App()
  const stack = new HubStack(app, 'pullpath-hub', { code })
  return { app, stack, template: Template.fromStack(stack) }
}

/** The guardrail as it is written to dist. */
export function guardrailStack() {
  const app = new App()
  const stack = new GuardrailStack(app, 'pullpath-guardrail')
  return { app, stack, template: Template.fromStack(stack) }
}
