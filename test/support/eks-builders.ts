import type { JsonObject } from '../../shared/model/json.ts'
import { type EstatePart, home, itemWith, stated } from './estate.ts'
import { roleArn } from './iam-builders.ts'

const prefix = `arn:aws:eks:${home.region}:${home.accountId}`

/** A cluster with an OIDC issuer. */
export function eksCluster(
  options: { readonly name?: string; readonly oidcIssuer?: string; readonly configuration?: JsonObject } = {},
): EstatePart {
  const name = options.name ?? 'main'
  return eksItem('AWS::EKS::Cluster', name, `${prefix}:cluster/${name}`, {
    Name: name,
    RoleArn: roleArn('cluster'),
    OpenIdConnectIssuerUrl: options.oidcIssuer ?? `https://oidc.eks.${home.region}.amazonaws.com/id/0123456789ABCDEF`,
    ...options.configuration,
  })
}

/** A node group; `nodeRole` is an ARN, by default of the role `node`. */
export function nodegroup(
  options: {
    readonly name?: string
    readonly cluster?: string
    readonly nodeRole?: string
    readonly subnets?: readonly string[]
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const name = options.name ?? 'workers'
  const cluster = options.cluster ?? 'main'
  return eksItem('AWS::EKS::Nodegroup', name, `${prefix}:nodegroup/${cluster}/${name}/10000000-0000-0000`, {
    ClusterName: cluster,
    NodegroupName: name,
    NodeRole: options.nodeRole ?? roleArn('node'),
    Subnets: options.subnets ?? ['subnet-1'],
    ...options.configuration,
  })
}

/** A Fargate profile; `podExecutionRole` is an ARN, by default of the role `pods`. */
export function fargateProfile(
  options: {
    readonly name?: string
    readonly cluster?: string
    readonly podExecutionRole?: string
    readonly subnets?: readonly string[]
    readonly configuration?: JsonObject
  } = {},
): EstatePart {
  const name = options.name ?? 'serverless'
  const cluster = options.cluster ?? 'main'
  return eksItem('AWS::EKS::FargateProfile', name, `${prefix}:fargateprofile/${cluster}/${name}/20000000-0000-0000`, {
    ClusterName: cluster,
    FargateProfileName: name,
    PodExecutionRoleArn: options.podExecutionRole ?? roleArn('pods'),
    Subnets: options.subnets ?? ['subnet-1'],
    Selectors: [{ Namespace: 'default' }],
    ...options.configuration,
  })
}

/** A pod identity association of the service account `app` in the namespace `default`. */
export function podIdentityAssociation(options: { readonly cluster?: string; readonly role: string }): EstatePart {
  const cluster = options.cluster ?? 'main'
  const arn = `${prefix}:podidentityassociation/${cluster}/a-1`
  return itemWith({
    resourceType: 'AWS::EKS::PodIdentityAssociation',
    resourceId: arn,
    resourceName: 'a-1',
    ARN: arn,
    configuration: stated({
      AssociationArn: arn,
      ClusterName: cluster,
      Namespace: 'default',
      ServiceAccount: 'app',
      RoleArn: options.role,
    }),
  })
}

function eksItem(type: string, name: string, arn: string, more: JsonObject): EstatePart {
  const configuration = { Arn: arn, ...more }
  return itemWith({ resourceType: type, resourceId: name, resourceName: name, ARN: arn, configuration })
}
