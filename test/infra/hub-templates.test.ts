import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App, aws_iam as iam } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { AwsSolutionsChecks } from 'cdk-nag'
import { beforeAll, describe, expect, it } from 'vitest'
import { alarmAcknowledgements, setAsideAcknowledgements } from '../../infra/acknowledgements.ts'
import { bundleLambda } from '../../infra/bundle.ts'
import { limits } from '../../infra/config.ts'
import * as accepted from '../../infra/hub/acknowledgements.ts'
import { hubFunctions } from '../../infra/hub-config.ts'
import { inlineCode } from '../../infra/inline-code.ts'
import { HubStack, type HubStackProps } from '../../infra/stacks/hub-stack.ts'
import { selfContainedTemplates } from '../../infra/templates.ts'
import { chosen, guardrailStack, hubStack, noHubCode } from './hub-synthesised.ts'
import { deployed, noCode, ofType } from './synthesised.ts'

let code: HubStackProps['code']
let template: Template

beforeAll(async () => {
  const bundles = Object.entries(hubFunctions).map(
    async ([name, { entry }]) => [name, await bundleLambda(entry)] as const,
  )
  code = Object.fromEntries(await Promise.all(bundles)) as HubStackProps['code']
  template = hubStack(code).template
})

/** The hub as the CDK deploys it, with a file for the member template. */
function withAsset() {
  const file = join(mkdtempSync(join(tmpdir(), 'pullpath-test-')), 'pullpath-member.template.json')
  writeFileSync(file, '{"Resources":{}}')
  const app = new App()
  const stack = new HubStack(app, 'pullpath-hub', { code: noHubCode, memberTemplateFile: file })
  return { app, template: Template.fromStack(stack) }
}

describe('the hub template', () => {
  it('is one file of at most 1 MB without assets, bootstrap or transforms', () => {
    const text = JSON.stringify(template.toJSON())
    console.info(`hub template: ${Buffer.byteLength(text)} of ${limits.templateBytes} bytes`)
    expect(Buffer.byteLength(text)).toBeLessThan(limits.templateBytes)
    expect(text).not.toMatch(/BootstrapVersion|S3Bucket"|AWS::CloudFormation::Stack"|"Transform"|Custom::/)
  })

  it('names no partition and no suffix of URLs', () => {
    const text = JSON.stringify(template.toJSON(), (key, value) => (key === 'ZipFile' ? '' : value))
    expect(text).not.toMatch(/arn:aws[\w-]*:/)
    // Services are called so in every partition.
    expect(text.replaceAll(/(lambda|config|events|states|scheduler)\.amazonaws\.com/g, '')).not.toContain(
      'amazonaws.com',
    )
  })

  it('carries the bundles that are built', () => {
    const inlined = ofType(deployed(template, chosen), 'AWS::Lambda::Function').map(
      ({ Properties }) => Properties.Code.ZipFile,
    )
    const built = Object.entries(hubFunctions).map(([name, { functionName }]) =>
      inlineCode(functionName, code[name as keyof typeof code]),
    )
    expect(inlined).toEqual(built)
  })

  it('says in outputs what people need for settings, reports and members by hand', () => {
    expect(Object.keys(template.toJSON().Outputs)).toEqual([
      ...['BucketName', 'PublishedPrefix', 'KeyArn', 'AggregatorName', 'AggregatorRoleArn'],
    ])
  })
})

describe('the hub deployed by the CDK', () => {
  it('brings the member template along, unless another one is named', () => {
    const { template: deployedByCdk } = withAsset()
    const [{ Properties }] = Object.values(deployedByCdk.findResources('AWS::CloudFormation::StackSet')) as [
      { Properties: { TemplateURL: object } },
    ]
    expect(Properties.TemplateURL).toEqual({
      'Fn::If': [
        'HasMemberTemplateUrl',
        { Ref: 'MemberTemplateUrl' },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the spelling of Fn::Sub
        { 'Fn::Sub': expect.stringContaining('https://s3.${AWS::Region}.${AWS::URLSuffix}/cdk-') },
      ],
    })
    expect(deployedByCdk.toJSON().Parameters.MemberTemplateUrl.Default).toBe('')
  })

  it('is otherwise what the template of dist is', () => {
    const ids = (one: Template) => Object.keys(one.toJSON().Resources).sort()
    expect(ids(withAsset().template)).toEqual(ids(hubStack().template))
  })
})

describe('the templates without assets', () => {
  it('are those of member, hub and guardrail, each deployable by itself', async () => {
    const templates = await selfContainedTemplates({ member: noCode, hub: noHubCode })
    expect([...templates.keys()]).toEqual(['pullpath-member', 'pullpath-hub', 'pullpath-guardrail'])
    for (const text of templates.values()) {
      expect(text).not.toMatch(/BootstrapVersion|\n/)
      expect(Object.keys(JSON.parse(text).Resources).length).toBeGreaterThan(2)
    }
  })
})

describe('cdk-nag', () => {
  it('has nothing to say beyond what is acknowledged with a reason', () => {
    for (const { app } of [hubStack(), withAsset(), guardrailStack()]) {
      expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([])
    }
    const all = [...Object.values(accepted).flat(), ...alarmAcknowledgements, ...setAsideAcknowledgements]
    for (const { reason } of all) expect(reason.length).toBeGreaterThan(40)
  })

  it('would object to a wildcard action', () => {
    const { app, stack } = hubStack()
    new iam.CfnPolicy(stack, 'Broad', {
      policyName: 'broad',
      policyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] },
      roles: [stack.publisher.publisher.role.ref],
    })
    const names = new AwsSolutionsChecks().validateScope(app).violations.map(({ ruleName }) => ruleName)
    expect(names).toContain('AwsSolutions-IAM5[Action::s3:*]')
  })
})
