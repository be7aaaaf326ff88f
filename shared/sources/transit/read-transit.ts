import type { Ec2Reader } from '../ec2/reader.ts'
import { joinReadings, type Reading } from '../reading.ts'
import { readAttachments } from './attachments.ts'
import { listPeerings } from './peerings.ts'
import { readRouteTables } from './route-tables.ts'

/** Reads what joins networks of the account and region: transit gateway attachments and route tables, and VPC peerings. */
export async function readTransit(reader: Ec2Reader): Promise<Reading> {
  return joinReadings(await Promise.all([readAttachments(reader), readRouteTables(reader), listPeerings(reader)]))
}
