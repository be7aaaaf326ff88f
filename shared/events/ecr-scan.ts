import * as z from 'zod/mini'
import { type Arn, parseArn } from '../model/arn.ts'
import { imagesType } from './cloudtrail-table.ts'
import { bounded, checked, type EventOrigin, type ReceivedEvent } from './event-bridge.ts'
import { hintOf } from './hint-forms.ts'
import type { ResourceEvent } from './resource-change.ts'

/** The detail type of a basic scan that has ended. */
export const basicScan = 'ECR Image Scan'
/** The detail type of an enhanced scan that has ended. */
export const enhancedScan = 'Inspector2 Scan'
/** Which service tells of which scan. */
export const scanSources: ReadonlyMap<string, string> = new Map([
  [basicScan, 'aws.ecr'],
  [enhancedScan, 'aws.inspector2'],
])

const scan = z.object({ 'scan-status': bounded(64), 'repository-name': bounded(2048) })

/**
 * What the end of a scan asks us to look at: the repository; what was found is read from the registry. Whoever administers Inspector
 * for others may be told of their repositories, which the function of their own account looks at.
 * @throws InputError that names the field
 */
export function changeOfScan({ origin, detail }: ReceivedEvent): ResourceEvent {
  const stated = checked(scan, detail, 'event.detail')['repository-name']
  const path = 'event.detail.repository-name'
  const arn = parseArn(stated)
  // Inspector names a repository by its ARN, ECR by its name.
  const name = arn === undefined ? stated : nameIn(arn)
  const hints = [hintOf('AWS::ECR::Repository', name, path)]
  if (arn !== undefined && !isOfOrigin(arn, origin)) {
    return { kind: 'ignored', origin, reason: 'the scan is of a repository of another account or region' }
  }
  return { kind: 'change', change: { origin, call: origin.detailType, changes: imagesType, isGlobal: false, hints } }
}

/** Empty when it is the ARN of no repository. */
function nameIn({ service, resource }: Arn): string {
  return service === 'ecr' && resource.startsWith('repository/') ? resource.slice('repository/'.length) : ''
}

function isOfOrigin(arn: Arn, { accountId, region }: EventOrigin): boolean {
  return arn.accountId === accountId && arn.region === region
}
