import { permissions as ec2 } from '../ec2/permissions.ts'
import { readAllVpcs } from '../ec2/read-vpc.ts'
import { permissions as route53 } from '../route53/permissions.ts'
import type { EstatePart } from './part.ts'

/** What decides where packets go and names lead. */
export const networkParts: readonly EstatePart[] = [
  {
    types: [...new Set<string>([...ec2, ...route53].flatMap(({ reads }) => reads))],
    read: ({ clients, ...reader }) => readAllVpcs({ ...reader, ec2: clients.ec2, route53: clients.route53 }),
  },
]
