import { permissions } from '../ecr/permissions.ts'
import type { EcrReader } from '../ecr/reader.ts'
import { type RegistryType, readRegistry } from '../ecr/registry.ts'
import { listRepositories } from '../ecr/repositories.ts'
import type { EstatePart } from './part.ts'
import type { EstateReader } from './reader.ts'

const repositoryType = 'AWS::ECR::Repository'
const ecrOf = ({ clients, ...reader }: EstateReader): EcrReader => ({ ...reader, client: clients.ecr })

/** The registry and its repositories. */
export const registryParts: readonly EstatePart[] = [
  { types: [repositoryType], read: (reader) => listRepositories(ecrOf(reader)) },
  {
    types: [...new Set<string>(permissions.flatMap(({ reads }) => reads))].filter((type) => type !== repositoryType),
    read: (reader, _choice, wanted) => readRegistry(ecrOf(reader), wanted as readonly RegistryType[]),
  },
]
