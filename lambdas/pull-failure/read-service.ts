import {
  DescribeServicesCommand,
  type ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  type Service,
} from '@aws-sdk/client-ecs'
import type { EcsReader } from '../../shared/sources/ecs/reader.ts'
import { readServices } from '../../shared/sources/ecs/services.ts'
import { needText, notListed, type Reading } from '../../shared/sources/reading.ts'

/** The items of one service, that was described already, and of its cluster. All others are unknown. */
export async function readOneService(reader: EcsReader, service: Service): Promise<Reading> {
  const { reading } = await readServices({ ...reader, client: showingOnly(reader.client, service) })
  const unread = reading.coverage.filter(({ status }) => status === 'unknown')
  const coverage = [...notListed(reader, ['AWS::ECS::Cluster', 'AWS::ECS::Service']), ...unread]
  return { ...reading, coverage }
}

/** A client for which the region holds this service and nothing else: what is known of it is not asked for. */
function showingOnly(client: EcsReader['client'], service: Service): EcsReader['client'] {
  const clusterArn = needText(service.clusterArn, 'clusterArn')
  const serviceArn = needText(service.serviceArn, 'serviceArn')
  const send = (command: unknown, ...options: readonly unknown[]): Promise<unknown> => {
    if (command instanceof ListClustersCommand) return Promise.resolve({ clusterArns: [clusterArn] })
    if (command instanceof ListServicesCommand) return Promise.resolve({ serviceArns: [serviceArn] })
    if (command instanceof DescribeServicesCommand) return Promise.resolve({ services: [service], failures: [] })
    return (client.send as (...all: readonly unknown[]) => Promise<unknown>)(command, ...options)
  }
  return { send: send as ECSClient['send'] }
}
