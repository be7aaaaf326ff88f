import type { EksReader } from '../../../shared/sources/eks/reader.ts'
import { eksAccessService, emptyEksAccess, type FakeEksAccess } from '../../support/fake-aws/eks-access.ts'
import type { FakeAws } from '../../support/fake-aws/fake-aws.ts'
import { readersOf } from '../readers.ts'

export const base = 'arn:aws:eks:eu-central-1:111122223333'
export const pulls = 'arn:aws:iam::111122223333:role/pulls'
export const admin = 'arn:aws:iam::111122223333:role/admin'
export const node = 'arn:aws:iam::111122223333:role/node'

export const associationType = 'AWS::EKS::PodIdentityAssociation'
export const entryType = 'AWS::EKS::AccessEntry'
export const addonType = 'AWS::EKS::Addon'

/** Cluster prod with everything, old whose principals stand in a ConfigMap, and bare without anything. */
export function fillEksAccess({ state }: FakeAws): FakeEksAccess {
  const access = emptyEksAccess()
  state.services.set('eks', eksAccessService(state.eks, access))
  const roleArn = 'arn:aws:iam::111122223333:role/cluster'
  const cluster = (name: string, authenticationMode: string) => ({
    ...{ name, arn: `${base}:cluster/${name}`, roleArn },
    accessConfig: { authenticationMode },
  })
  state.eks.clusters.push(cluster('prod', 'API_AND_CONFIG_MAP'), cluster('old', 'CONFIG_MAP'), cluster('bare', 'API'))
  access.associations.push(association('prod', 'a-1'))
  access.entries.push(entry('prod', admin, 'STANDARD', ['admins']), entry('prod', node, 'EC2_LINUX', []))
  access.policies.set(`prod ${admin}`, [policy('AmazonEKSAdminPolicy', ['a', 'b'])])
  access.addons.push(addon('prod', 'vpc-cni', pulls), addon('old', 'coredns'))
  return access
}

/** A pod identity association of the service account app in the namespace shop. */
export function association(clusterName: string, associationId: string) {
  return {
    ...{ clusterName, associationId, namespace: 'shop', serviceAccount: 'app', roleArn: pulls },
    associationArn: `${base}:podidentityassociation/${clusterName}/${associationId}`,
  }
}

/** An access entry. */
export function entry(clusterName: string, principalArn: string, type: string, kubernetesGroups: readonly string[]) {
  const name = principalArn.slice(principalArn.lastIndexOf('/') + 1)
  return {
    ...{ clusterName, principalArn, type, kubernetesGroups, username: `user:${name}` },
    accessEntryArn: `${base}:access-entry/${clusterName}/role/111122223333/${name}/1`,
  }
}

/** An access policy of EKS, limited to namespaces. */
export function policy(name: string, namespaces: readonly string[]) {
  return {
    policyArn: `arn:aws:eks::aws:cluster-access-policy/${name}`,
    accessScope: { type: namespaces.length === 0 ? 'cluster' : 'namespace', namespaces },
  }
}

/** An add-on. */
export function addon(clusterName: string, addonName: string, serviceAccountRoleArn?: string) {
  return {
    ...{ clusterName, addonName, addonVersion: 'v1.2.3-eksbuild.1', status: 'ACTIVE', serviceAccountRoleArn },
    addonArn: `${base}:addon/${clusterName}/${addonName}/1`,
  }
}

/** The reader of the fake's account. */
export function eksReader(fake: FakeAws, callTimeout?: number): EksReader {
  return readersOf(fake, callTimeout).eks
}
