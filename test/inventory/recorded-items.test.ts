import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { repositoryOf } from '../../shared/inventory/ecr-repository.ts'
import { normalizeItem } from '../../shared/inventory/normalize-item.ts'

const folder = new URL('../../../shared/fixtures/config-items/', import.meta.url)
// One published sample is not JSON, another wraps its item in a list.
const broken = ['rdk_AWS_EC2_NetworkInterface.json', 'rdk_AWS_LAMBDA_FUNCTION.json']
const files = existsSync(folder)
  ? readdirSync(folder).filter((name) => /^rdk_.*\.json$/.test(name) && !broken.includes(name))
  : []

describe.skipIf(files.length === 0)('items recorded from real accounts', () => {
  it.each(files)('%s is a live item', (name) => {
    const result = normalizeItem(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
    expect(result).toMatchObject({ ok: true, deleted: false })
  })

  it('include a repository without policy', () => {
    const result = normalizeItem(JSON.parse(readFileSync(new URL('rdk_AWS_ECR_Repository.json', folder), 'utf8')))
    if (!result.ok || result.deleted) throw new Error('expected a live item')
    expect(repositoryOf(result.item)).toMatchObject({
      name: 'test',
      policy: { state: 'absent' },
      lifecyclePolicy: { state: 'absent' },
      scanOnPush: { state: 'known', value: false },
      encryption: { state: 'unknown' },
    })
  })
})
