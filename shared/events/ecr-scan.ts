import * as z from 'zod/mini'
import { parseArn } from '../model/arn.ts'
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
 * What the end of a scan asks us to look at: the repository; what was found is read from the registry.
 * @throws InputError that names the field
 */
export function changeOfScan({ origin, detail }: ReceivedEvent): ResourceEvent {
  const stated = checked(scan, detail, 'event.detail')
  const path = 'event.detail.repository-name'
  const hints = [hintOf('AWS::ECR::Repository', nameIn(stated['repository-name'], origin), path)]
  return { kind: 'change', change: { origin, call: origin.detailType, changes: imagesType, isGlobal: false, hints } }
}

/** Inspector names a repository by its ARN, ECR by its name. */
function nameIn(text: string, { accountId, region }: EventOrigin): string {
  const arn = parseArn(text)
  if (arn === undefined) return text
  const isOwn = arn.service === 'ecr' && arn.accountId === accountId && arn.region === region
  return isOwn ? arn.resource.replace(/^repository\//, '') : ''
}
