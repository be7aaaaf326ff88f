import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '../../examples/organization')

interface Item {
  readonly awsAccountId: string
  readonly awsRegion: string
  readonly resourceType: string
  readonly ARN: string
  readonly configurationItemStatus: string
  readonly configurationItemCaptureTime: string
}

interface ConfigFile {
  readonly path: string
  readonly text: string
  readonly items: readonly Item[]
}

describe('the files of the example organization', () => {
  const files = configFiles()
  const items = files.flatMap((file) => file.items)

  it('hold four accounts in two regions', () => {
    expect(distinct(items.map((item) => item.awsAccountId))).toEqual([
      '111122223333',
      '123456789012',
      '444455556666',
      '777788889999',
    ])
    expect(distinct(items.map((item) => item.awsRegion))).toEqual(['eu-central-1', 'global', 'us-east-1'])
  })

  it('hold 46 live repositories and one that was deleted', () => {
    const newest = newestByArn(items.filter((item) => item.resourceType === 'AWS::ECR::Repository'))
    const deleted = newest.filter((item) => item.configurationItemStatus === 'ResourceDeleted')
    expect(newest.length - deleted.length).toBe(46)
    expect(deleted.map((item) => item.ARN)).toEqual([
      'arn:aws:ecr:eu-central-1:123456789012:repository/storefront/old-landing',
    ])
  })

  it('lie where their account and region say', () => {
    for (const { path, items } of files) {
      const [, account, , region] = path.split('/AWSLogs/')[1]!.match(/^(\d{12})\/(Config)\/([^/]+)\//)!
      expect(distinct(items.map((item) => item.awsAccountId))).toEqual([account])
      expect([region, 'global']).toEqual(expect.arrayContaining(distinct(items.map((item) => item.awsRegion))))
    }
  })

  it('are pretty-printed and one of them is compressed', () => {
    for (const { text } of files) expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`)
    expect(files.filter(({ path }) => path.endsWith('.gz'))).toHaveLength(1)
  })
})

function configFiles(): readonly ConfigFile[] {
  return readdirSync(join(folder, 'AWSLogs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') || name.endsWith('.json.gz'))
    .map((name) => {
      const path = join(folder, 'AWSLogs', name)
      const bytes = readFileSync(path)
      const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
      return { path, text, items: (JSON.parse(text) as { configurationItems: readonly Item[] }).configurationItems }
    })
}

function newestByArn(items: readonly Item[]): readonly Item[] {
  const newest = new Map<string, Item>()
  for (const item of items) {
    const other = newest.get(item.ARN)
    if (other === undefined || other.configurationItemCaptureTime < item.configurationItemCaptureTime)
      newest.set(item.ARN, item)
  }
  return [...newest.values()]
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort()
}
