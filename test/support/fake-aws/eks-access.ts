// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { type FakeEks, serveEks } from './eks.ts'
import { pageFrom, Refusal } from './refusal.ts'

/** What EKS holds of who may use its clusters, in the words of its API. */
export interface FakeEksAccess {
  readonly associations: any[]
  readonly entries: any[]
  /** Associated policies by `cluster principalArn`. */
  readonly policies: Map<string, any[]>
  readonly addons: any[]
  /** Entries EKS hands over at most, whatever is asked for. */
  pageSize: number
}

/** Nothing but the clusters. */
export function emptyEksAccess(): FakeEksAccess {
  return { associations: [], entries: [], policies: new Map(), addons: [], pageSize: 100 }
}

/** Answers the calls on access to clusters, and the others of EKS as the fake always does. */
export function eksAccessService(eks: FakeEks, access: FakeEksAccess): (operation: string, body: any) => unknown {
  return (operation, body) => {
    const cluster = eks.clusters.find((one) => one.name === (body.clusterName ?? body.name))
    if (body.clusterName !== undefined && cluster === undefined) throw new Refusal('ResourceNotFoundException', 404)
    if (/Access/.test(operation)) refuseConfigMap(cluster)
    switch (operation) {
      case 'ListPodIdentityAssociations':
        return pageOf(access, body, within(access.associations, body).map(summary), 'associations')
      case 'DescribePodIdentityAssociation':
        return { association: one(within(access.associations, body), 'associationId', body) }
      case 'ListAccessEntries':
        return pageOf(access, body, names(within(access.entries, body), 'principalArn'), 'accessEntries')
      case 'DescribeAccessEntry':
        return { accessEntry: one(within(access.entries, body), 'principalArn', body) }
      case 'ListAssociatedAccessPolicies': {
        one(within(access.entries, body), 'principalArn', body)
        const policies = access.policies.get(`${body.clusterName} ${body.principalArn}`) ?? []
        return pageOf(access, body, policies, 'associatedAccessPolicies')
      }
      case 'ListAddons':
        return pageOf(access, body, names(within(access.addons, body), 'addonName'), 'addons')
      case 'DescribeAddon':
        return { addon: one(within(access.addons, body), 'addonName', body) }
      default:
        return serveEks(eks, operation, body)
    }
  }
}

/** Clusters that know their principals from a ConfigMap alone have no access entries, and say so as EKS does. */
function refuseConfigMap(cluster: any): void {
  if (cluster?.accessConfig?.authenticationMode !== 'CONFIG_MAP') return
  const modes = 'one of [API, API_AND_CONFIG_MAP]'
  const message = `The cluster's authentication mode must be set to ${modes} to perform this operation.`
  throw new Refusal('InvalidRequestException', 400, message)
}

/** The listing does not say the role. */
function summary({ clusterName, namespace, serviceAccount, associationArn, associationId }: any) {
  return { clusterName, namespace, serviceAccount, associationArn, associationId }
}

function within(all: readonly any[], { clusterName }: any): readonly any[] {
  return all.filter((member) => member.clusterName === clusterName)
}

function one(members: readonly any[], key: string, body: any): any {
  const found = members.find((member) => member[key] === body[key])
  if (found === undefined) throw new Refusal('ResourceNotFoundException', 404)
  return found
}

function names(members: readonly any[], key: string): readonly string[] {
  return members.map((member) => member[key])
}

function pageOf({ pageSize }: FakeEksAccess, body: any, all: readonly unknown[], key: string) {
  const asked = Number(body.maxResults ?? 100)
  if (!(asked >= 1 && asked <= 100)) throw new Refusal('InvalidParameterException')
  const { page, next } = pageFrom(all, body.nextToken, Math.min(asked, pageSize))
  return { [key]: page, nextToken: next }
}
