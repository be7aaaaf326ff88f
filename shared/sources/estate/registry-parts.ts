import { permissions } from '../ecr/permissions.ts'
import type { EcrReader } from '../ecr/reader.ts'
import { type RegistryType, readRegistry } from '../ecr/registry.ts'
import { listRepositories, readRepository } from '../ecr/repositories.ts'
import { withImages } from '../ecr-images/with-images.ts'
import { readReplication } from '../ecr-replication/read-replication.ts'
import type { Reading } from '../reading.ts'
import type { EstatePart } from './part.ts'
import type { EstateChoice, EstateReader } from './reader.ts'
import { viaConfig } from './via-config.ts'

const repositoryType = 'AWS::ECR::Repository'
const ecrOf = ({ clients, ...reader }: EstateReader): EcrReader => ({ ...reader, client: clients.ecr })

/** The registry and its repositories. */
export const registryParts: readonly EstatePart[] = [
  { types: [repositoryType], read: readRepositories },
  { types: ['AWS::ECR::ReplicationConfiguration'], read: (reader) => readReplication(ecrOf(reader)) },
  {
    types: [...new Set<string>(permissions.flatMap(({ reads }) => reads))].filter((type) => type !== repositoryType),
    read: (reader, _choice, wanted) => readRegistry(ecrOf(reader), wanted as readonly RegistryType[]),
  },
]

async function readRepositories(reader: EstateReader, choice: EstateChoice): Promise<Reading> {
  const ecr = ecrOf(reader)
  const repositories = await viaConfig(
    reader,
    choice,
    repositoryType,
    () => listRepositories(ecr),
    ({ id }) => readRepository(ecr, id),
  )
  if (!choice.images) return repositories
  const images = await withImages(ecr, repositories.items)
  return { ...images, coverage: repositories.coverage, gaps: [...repositories.gaps, ...images.gaps] }
}
