import { App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { GuardrailStack } from './stacks/guardrail-stack.ts'
import { HubStack } from './stacks/hub-stack.ts'
import { addMemberStack, bundleAll, stackNames, templateText, withMemberTemplate } from './templates.ts'

const app = new App()
Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
const bundles = await bundleAll()
addMemberStack(app, bundles.member)
const member = await templateText((alone) => addMemberStack(alone, bundles.member))
await withMemberTemplate(member, (memberTemplateFile) => {
  new HubStack(app, stackNames.hub, { code: bundles.hub, memberTemplateFile })
})
new GuardrailStack(app, stackNames.guardrail)
app.synth()
