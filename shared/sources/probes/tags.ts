import { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api'
import { probe } from './probe.ts'

/** Tags of resources. */
export const tagProbes = {
  'tag:GetResources': probe(({ clients, options }) =>
    clients.tagging.send(new GetResourcesCommand({ ResourcesPerPage: 1 }), options),
  ),
} as const
