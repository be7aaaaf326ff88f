import { parseArn } from '../../model/arn.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Gap } from '../reading.ts'
import type { EcsReader } from './reader.ts'
import { describeServices, SERVICE, serviceItem } from './services.ts'

/** What looking at one service gave. */
export type ServiceReading =
  | { readonly state: 'present'; readonly item: JsonObject }
  | { readonly state: 'gone' }
  | { readonly state: 'unknown'; readonly gap: Gap }

/** Whether the ARN of a service names its cluster. Those of before 2018 do not: only a listing shows such a service. */
export function namesCluster(serviceArn: string): boolean {
  return parseArn(serviceArn)?.resource.split('/').length === 3
}

/** Reads one service by an ARN that names its cluster. One that was deleted is shown for a while, and gone all the same. */
export async function readService(reader: EcsReader, serviceArn: string): Promise<ServiceReading> {
  const { entries, failures } = await describeServices(reader, clusterArnOf(serviceArn), [serviceArn])
  const [failure] = failures
  if (failure !== undefined) {
    return { state: 'unknown', gap: { resourceType: SERVICE, resourceArn: serviceArn, ...failure } }
  }
  const [service] = entries
  if (service === undefined || service.status === 'INACTIVE') return { state: 'gone' }
  return { state: 'present', item: serviceItem(reader, service) }
}

/** `arn:…:service/<cluster>/<name>` and `arn:…:cluster/<cluster>` have all else in common. */
function clusterArnOf(serviceArn: string): string {
  return serviceArn.replace(':service/', ':cluster/').replace(/\/[^/]*$/, '')
}
