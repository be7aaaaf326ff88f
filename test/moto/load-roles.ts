import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import type { ConfigurationItem } from '../../shared/inventory/configuration-item.ts'
import { ofType, type Place, put, readerRole, textOf } from './load-place.ts'

// biome-ignore lint/suspicious/noExplicitAny: items hold what AWS Config wrote
type Words = any

const nobody = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'sts:AssumeRole' }],
})

/** Puts policies, roles and instance profiles into moto, and the role that reads. */
export async function loadRoles(place: Place, items: readonly ConfigurationItem[]): Promise<void> {
  const iam = new IAMClient({ ...place, maxAttempts: 1 })
  await iam.send(new CreateRoleCommand({ RoleName: readerRole, AssumeRolePolicyDocument: nobody }))
  for (const item of ofType(items, 'AWS::IAM::Policy')) await loadPolicy(place, iam, item)
  for (const item of ofType(items, 'AWS::IAM::Role')) await loadRole(place, iam, item)
  for (const { arn, configuration } of ofType(items, 'AWS::IAM::InstanceProfile')) {
    const InstanceProfileName = String(configuration.InstanceProfileName)
    await put(place, `profile ${arn}`, () => iam.send(new CreateInstanceProfileCommand({ InstanceProfileName })))
    for (const RoleName of configuration.Roles as readonly string[]) {
      await put(place, `profile ${arn}`, () =>
        iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName })),
      )
    }
  }
}

async function loadPolicy(place: Place, iam: IAMClient, { arn, configuration }: ConfigurationItem): Promise<void> {
  const words: Words = configuration
  const [first, ...later] = words.policyVersionList
  const input = { PolicyName: words.policyName, Path: words.path, PolicyDocument: textOf(first.document) }
  await put(place, `policy ${arn}`, () => iam.send(new CreatePolicyCommand(input)))
  for (const version of later) {
    const PolicyDocument = textOf(version.document)
    const next = { PolicyArn: arn, PolicyDocument, SetAsDefault: version.isDefaultVersion }
    await put(place, `policy ${arn}`, () => iam.send(new CreatePolicyVersionCommand(next)))
  }
}

async function loadRole(place: Place, iam: IAMClient, item: ConfigurationItem): Promise<void> {
  const words: Words = item.configuration
  const RoleName: string = words.roleName
  const made = await put(place, `role ${item.arn}`, () =>
    iam.send(
      new CreateRoleCommand({
        RoleName,
        Path: words.path,
        AssumeRolePolicyDocument: textOf(words.assumeRolePolicyDocument),
        PermissionsBoundary: words.permissionsBoundary?.permissionsBoundaryArn,
        Tags: (words.tags ?? []).map(({ key, value }: Words) => ({ Key: key, Value: value })),
      }),
    ),
  )
  if (!made) return
  for (const { policyName, policyDocument } of words.rolePolicyList ?? []) {
    const input = { RoleName, PolicyName: policyName, PolicyDocument: textOf(policyDocument) }
    await put(place, `inline ${item.arn}`, () => iam.send(new PutRolePolicyCommand(input)))
  }
  for (const { policyArn } of words.attachedManagedPolicies ?? []) {
    await put(place, `attached ${policyArn} ${item.arn}`, () =>
      iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: policyArn })),
    )
  }
}
