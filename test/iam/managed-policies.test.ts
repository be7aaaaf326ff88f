import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import {
  awsManagedPolicy,
  capturedPoliciesSpeakOf,
  type ManagedPolicyCapture,
} from '../../shared/iam/aws-managed-policies/managed-policies.ts'
import { patternsOverlap } from '../../shared/iam/match/overlap.ts'
import { parsePolicy } from '../../shared/iam/policy/parse-policy.ts'
import type { Policy } from '../../shared/iam/policy/policy.ts'

const dataFile = new URL('../../shared/iam/aws-managed-policies/data.json', import.meta.url)
const data = JSON.parse(readFileSync(dataFile, 'utf8')) as ManagedPolicyCapture

function policyOf(name: string): Policy {
  const found = awsManagedPolicy(`arn:aws:iam::aws:policy/${name}`)
  if (found?.state !== 'known') throw new Error(`${name} is ${found?.state ?? 'not in the capture'}`)
  const parsed = parsePolicy({ json: found.document, text: JSON.stringify(found.document), duplicateKeys: [] })
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.policy
}

function actionsOf(name: string): readonly string[] {
  return policyOf(name).statements.flatMap(({ action }) => action.patterns)
}

describe('the capture of the policies AWS manages', () => {
  it('gives a policy with its version and the date of the capture', () => {
    expect(awsManagedPolicy('arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly')).toEqual({
      state: 'known',
      name: 'AmazonEC2ContainerRegistryPullOnly',
      versionId: 'v1',
      capturedAt: data.capturedAt,
      document: {
        Version: '2012-10-17',
        Statement: [
          {
            Action: [
              'ecr:GetAuthorizationToken',
              'ecr:BatchGetImage',
              'ecr:GetDownloadUrlForLayer',
              'ecr:BatchImportUpstreamImage',
            ],
            Resource: '*',
            Effect: 'Allow',
          },
        ],
      },
      assumptions: [],
    })
    expect(data.capturedAt).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  })

  it('finds a policy under a path by its name', () => {
    const arn = 'arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy'
    expect(awsManagedPolicy(arn)).toMatchObject({ state: 'known', name: 'AmazonECSTaskExecutionRolePolicy' })
    expect(actionsOf('service-role/AmazonECSTaskExecutionRolePolicy')).toEqual([
      'ecr:GetAuthorizationToken',
      'ecr:BatchCheckLayerAvailability',
      'ecr:GetDownloadUrlForLayer',
      'ecr:BatchGetImage',
    ])
  })

  it.each(['AmazonEKSWorkerNodePolicy', 'AmazonEKSWorkerNodeMinimalPolicy', 'IAMFullAccess', 'job-function/Billing'])(
    'knows that %s says nothing about registries',
    (name) => {
      expect(awsManagedPolicy(`arn:aws:iam::aws:policy/${name}`)).toMatchObject({ state: 'noRegistryAccess' })
    },
  )

  it.each([
    'arn:aws:iam::aws:policy/SomethingNew',
    'arn:aws:iam::aws:policy/__proto__',
    'arn:aws:iam::aws:policy/constructor',
    'arn:aws:iam::aws:policy/',
    'arn:aws:iam::111122223333:policy/AdministratorAccess',
    'arn:aws:iam::aws:role/AdministratorAccess',
    'arn:aws:iam:us-east-1:aws:policy/AdministratorAccess',
    'arn:aws:sts::aws:policy/AdministratorAccess',
    'arn:aws:iam::aws:policy/administratoraccess',
    'AdministratorAccess',
    '',
  ])('does not know %j', (arn) => {
    expect(awsManagedPolicy(arn)).toBeUndefined()
  })

  it('keeps statements that speak of every action, and every Deny', () => {
    expect(policyOf('AdministratorAccess').statements).toMatchObject([
      { effect: 'Allow', action: { patterns: ['*'], not: false }, resource: { patterns: ['*'] }, conditions: [] },
    ])
    expect(policyOf('AWSDenyAll').statements).toMatchObject([{ effect: 'Deny', action: { patterns: ['*'] } }])
    expect(policyOf('PowerUserAccess').statements).toMatchObject([
      { effect: 'Allow', action: { patterns: ['iam:*', 'organizations:*', 'account:*'], not: true } },
    ])
    expect(policyOf('AWSCompromisedKeyQuarantineV3').statements).toMatchObject([
      { effect: 'Deny', action: { patterns: ['ecr:GetAuthorizationToken'] } },
    ])
    expect(policyOf('root-task/S3UnlockBucketPolicy').statements).toMatchObject([
      { effect: 'Deny', action: { not: true } },
    ])
  })

  it('holds what auditors are given', () => {
    expect(actionsOf('ReadOnlyAccess')).toEqual(expect.arrayContaining(['ecr:BatchGet*', 'ecr:Get*', 'ecr:Describe*']))
    expect(actionsOf('job-function/ViewOnlyAccess')).toContain('ecr:DescribeRepositories')
    expect(actionsOf('SecurityAudit')).not.toContain('ecr:BatchGetImage')
  })

  it('says for other partitions what it assumes', () => {
    const sentence = (name: string) => [
      `assumes that the AWS-managed policy ${name} reads in partition aws-cn as in the commercial one`,
    ]
    expect(awsManagedPolicy('arn:aws-cn:iam::aws:policy/AdministratorAccess')).toMatchObject({
      state: 'known',
      assumptions: sentence('AdministratorAccess'),
    })
    expect(awsManagedPolicy('arn:aws-cn:iam::aws:policy/AmazonEKSWorkerNodePolicy')).toMatchObject({
      assumptions: sentence('AmazonEKSWorkerNodePolicy'),
    })
  })

  it('does not know in other partitions a text with ARNs of the commercial one', () => {
    const [name] = Object.entries(data.policies).find(([, policy]) => JSON.stringify(policy).includes('arn:aws:'))!
    expect(awsManagedPolicy(`arn:aws:iam::aws:policy/${name}`)).toMatchObject({ state: 'known' })
    expect(awsManagedPolicy(`arn:aws-cn:iam::aws:policy/${name}`)).toBeUndefined()
  })

  it('speaks of registry actions only', () => {
    expect(capturedPoliciesSpeakOf('ECR:BatchGetImage')).toBe(true)
    expect(capturedPoliciesSpeakOf('ecr-public:GetAuthorizationToken')).toBe(true)
    expect(['kms:Decrypt', 'sts:AssumeRole', 'ecrx:A', 'ecr', '*', ''].filter(capturedPoliciesSpeakOf)).toEqual([])
  })
})

describe('the data file', () => {
  const names = Object.keys(data.policies)

  it('holds policies that can be read, and none without registry actions', () => {
    expect(names.length).toBeGreaterThan(50)
    const idle = names.filter((name) =>
      policyOf(name).statements.some(
        ({ action }) =>
          !action.not && !action.patterns.every((pattern) => patternsOverlap(pattern.toLowerCase(), 'ecr*:*')),
      ),
    )
    expect(idle).toEqual([])
  })

  it('names each policy in one list, sorted', () => {
    expect(names).toEqual([...names].sort())
    expect(data.withoutRegistryActions).toEqual([...new Set(data.withoutRegistryActions)].sort())
    expect(data.withoutRegistryActions.filter((name) => names.includes(name))).toEqual([])
    expect(data.withoutRegistryActions.length).toBeGreaterThan(1000)
  })

  it('adds little to a bundle', async () => {
    const { outputFiles } = await build({
      absWorkingDir: new URL('../..', import.meta.url).pathname,
      entryPoints: ['shared/iam/aws-managed-policies/managed-policies.ts'],
      bundle: true,
      minify: true,
      write: false,
      format: 'cjs',
      platform: 'node',
    })
    const code = outputFiles[0]!.contents
    expect(code.byteLength).toBeLessThan(150_000)
    expect(gzipSync(code).byteLength).toBeLessThan(40_000)
  })
})
