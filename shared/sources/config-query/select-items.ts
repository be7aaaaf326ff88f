import {
  ListDiscoveredResourcesCommand,
  type ResourceType,
  SelectResourceConfigCommand,
} from '@aws-sdk/client-config-service'
import { isGlobalType } from '../../inventory/recordable-types.ts'
import { MalformedAnswer, type ReadFailure } from '../failure.ts'
import { type Answer, askPages, failureOf, needList, needText, unlisted } from '../reading.ts'
import { compared, doubtAbout, readingOf } from './compare.ts'
import { selectExpression } from './expression.ts'
import { type ConfigReader, type ConfigReading, type NamedResource, PAGE } from './reader.ts'
import { type Row, rowOfText } from './row.ts'

/**
 * Reads all resources of one type of the reader's account and region through AWS Config. `recorded` is the answer of
 * `recordedTypes`. The type is known only when it is recorded and AWS Config's own listing names what the query returned,
 * no more and no less; what it lists and does not return is in `missing`.
 */
export async function selectItems(
  reader: ConfigReader,
  type: string,
  recorded: (type: string) => boolean,
): Promise<ConfigReading> {
  const expression = selectExpression(type)
  if (expression === undefined) return nothing(reader, type, lasting(`AWS Config cannot be asked for ${type}`))
  if (!recorded(type)) return nothing(reader, type, lasting(`AWS Config does not record ${type} as it changes`))
  const rows = await selected(reader, type, expression)
  if (rows.state !== 'known') return nothing(reader, type, failureOf(rows))
  const listed = await discovered(reader, type)
  if (listed.state !== 'known') return readingOf(reader, type, rows.value, [], failureOf(listed))
  const comparison = compared(rows.value, listed.value)
  const doubt = doubtAbout(type, rows.value, comparison, true)
  return readingOf(reader, type, rows.value, comparison.missing, doubt)
}

function nothing(reader: ConfigReader, type: string, failure: ReadFailure): ConfigReading {
  return { ...unlisted(reader, [type], failure), missing: [] }
}

function lasting(reason: string): ReadFailure {
  return { reason, transience: 'lasting' }
}

function selected(reader: ConfigReader, type: string, expression: string): Promise<Answer<readonly Row[]>> {
  return askPages(reader, 'config:SelectResourceConfig', undefined, async (token, abortSignal) => {
    const command = new SelectResourceConfigCommand({ Expression: expression, Limit: PAGE, NextToken: token })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.Results, 'Results').map((text) => ownRow(reader, rowOfText(text, type), type))
    return { entries, nextToken: output.NextToken }
  })
}

function ownRow(reader: ConfigReader, row: Row, type: string): Row {
  const here = row.accountId === reader.accountId && (isGlobalType(type) || row.region === reader.region)
  if (!here) throw new MalformedAnswer('a row of another account or region')
  return row
}

function discovered(reader: ConfigReader, type: string): Promise<Answer<readonly NamedResource[]>> {
  return askPages(reader, 'config:ListDiscoveredResources', undefined, async (nextToken, abortSignal) => {
    const command = new ListDiscoveredResourcesCommand({ resourceType: type as ResourceType, limit: PAGE, nextToken })
    const output = await reader.client.send(command, { abortSignal })
    const entries = needList(output.resourceIdentifiers, 'resourceIdentifiers').map((one) => {
      if (one.resourceType !== type) throw new MalformedAnswer('a resource of another type')
      return { id: needText(one.resourceId, 'resourceId'), name: one.resourceName || undefined }
    })
    return { entries, nextToken: output.nextToken }
  })
}
