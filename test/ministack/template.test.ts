import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lambdaEntries, projectRoot } from '../../infra/bundle.ts'
import { auditors } from '../../infra/config.ts'
import { invokeFunction } from './function.ts'
import { type MiniStack, region, startMiniStack } from './mini-stack.ts'
import { rowOf } from './rows.ts'
import type { Stage } from './stage.ts'
import { untilWritten } from './until-written.ts'

let stack: MiniStack
let stage: Stage
beforeAll(async () => {
  stack = await startMiniStack()
  stage = await rowOf(auditors.ecr.functionName).stage()
})
afterAll(async () => {
  await stage.close()
  await stack.stop()
})

interface Template {
  // biome-ignore lint/suspicious/noExplicitAny: the parts of a template have forms of their own
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: any }>>
}

/** The member template as `cdk synth` writes it. Whether the checks of the synthesis pass is for `npm run synth` to say. */
async function memberTemplate(): Promise<Template> {
  const CDK_OUTDIR = mkdtempSync(join(tmpdir(), 'pullpath-template-'))
  const env = { ...process.env, CDK_OUTDIR }
  const failed = await promisify(execFile)(process.execPath, ['infra/app.ts'], { cwd: projectRoot, env }).catch(String)
  if (!existsSync(join(CDK_OUTDIR, 'pullpath-member.template.json'))) throw new Error(String(failed))
  const template = JSON.parse(readFileSync(join(CDK_OUTDIR, 'pullpath-member.template.json'), 'utf8'))
  rmSync(CDK_OUTDIR, { recursive: true })
  return template
}

/** The template as far as MiniStack knows its types, with the calls of its functions led to where they are answered. */
function deployable(template: Template, environment: Stage['environment']): string {
  const unknown = ['AWS::Config::ConfigRule', 'AWS::Config::ConformancePack']
  const known = Object.entries(template.Resources).filter(([, { Type }]) => !unknown.includes(Type))
  for (const [, { Type, Properties }] of known) {
    if (Type === 'AWS::Lambda::Function') Object.assign(Properties.Environment.Variables, environment)
  }
  return JSON.stringify({ ...template, Resources: Object.fromEntries(known) })
}

const cloudFormation = async (parameters: Record<string, string>) => {
  const body = new URLSearchParams({ Version: '2010-05-15', ...parameters }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await stack.send('cloudformation', '/', { method: 'POST', headers, body })
  return answer.text()
}

async function put(path: string, body: string): Promise<void> {
  const answer = await stack.send('s3', path, { method: 'PUT', body })
  if (!answer.ok) throw new Error(await answer.text())
}

/** Status of the stack, and why when it failed. */
async function deploy(body: string): Promise<string> {
  const constraint = `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`
  await put('/templates', constraint)
  // Larger than what may be sent along: the template carries the functions.
  await put('/templates/member.json', body)
  const created = await cloudFormation({
    Action: 'CreateStack',
    StackName: 'pullpath-member',
    TemplateURL: `${stack.endpoint}/templates/member.json`,
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
  })
  if (!created.includes('<StackId>')) return created.slice(0, 500)
  for (let attempt = 0; attempt < 120; attempt++) {
    const shown = await cloudFormation({ Action: 'DescribeStacks', StackName: 'pullpath-member' })
    const status = /<StackStatus>(\w+)</.exec(shown)?.[1] ?? shown
    if (status === 'CREATE_COMPLETE') return status
    if (!status.endsWith('_IN_PROGRESS')) return `${status} ${/<StackStatusReason>([^<]*)</.exec(shown)?.[1]}`
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  return 'not done after a minute'
}

describe('the member template', () => {
  it('deploys, and what its functions find arrives', async () => {
    const environment = { ...stage.environment, AWS_ENDPOINT_URL_SQS: stack.endpoint }
    expect(await deploy(deployable(await memberTemplate(), environment))).toBe('CREATE_COMPLETE')
    const invoked = await invokeFunction(stack, auditors.ecr.functionName, stage.event)
    expect(invoked).toMatchObject({ functionError: null, payload: null })
    expect(await untilWritten(stage, stage.writes.length)).toEqual(stage.writes)
  })

  it('holds functions that run as they stand in it', async () => {
    for (const name of Object.keys(lambdaEntries)) {
      const { event, message } = await refusedBy(name)
      const { functionError, payload } = await invokeFunction(stack, name, event)
      expect([name, functionError, payload.errorMessage]).toEqual([name, 'Unhandled', expect.stringContaining(message)])
    }
  })
})

/** What a function refuses, by its row. */
async function refusedBy(name: string): Promise<Stage['refused']> {
  const { refused, close } = await rowOf(name).stage()
  await close()
  return refused
}
