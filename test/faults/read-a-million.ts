// Run by d-rows.test.ts as a process of its own with little memory: writes a snapshot of a million items and reads it.
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { readSnapshotFiles } from '../../shared/sources/config-snapshot/read-snapshot-files.ts'

const wanted = 'AWS::ECR::Repository'
const total = 1_000_000
/** One in so many is of the type that is asked for. */
const every = 1_000

function* pieces(): Generator<string> {
  yield '{"fileVersion":"1.0","configSnapshotId":"x","configurationItems":['
  for (let from = 0; from < total; from += every) {
    const items = Array.from({ length: every }, (_, n) => itemText(from + n))
    yield (from === 0 ? '' : ',') + items.join(',')
  }
  yield ']}'
}

function itemText(n: number): string {
  const type = n % every === 0 ? wanted : 'AWS::EC2::NetworkInterface'
  const place = '"awsAccountId":"111122223333","awsRegion":"eu-central-1"'
  const when = '"configurationItemStatus":"OK","configurationItemCaptureTime":"2026-01-01T00:00:00.000Z"'
  const configuration = `{"RepositoryName":"r${n}","description":"${'x'.repeat(120)}"}`
  return `{${place},${when},"resourceType":"${type}","resourceId":"r${n}","configuration":${configuration}}`
}

const file = join(process.argv[2] ?? '.', 'million.json.gz')
await pipeline(Readable.from(pieces()), createGzip({ level: 1 }), createWriteStream(file))
let items = 0
const read = await readSnapshotFiles([file], {
  wantedTypes: new Set([wanted]),
  onProgress: (progress) => {
    items = progress.items
  },
})
process.stdout.write(JSON.stringify({ items, kept: read.items.length, problems: read.problems }))
