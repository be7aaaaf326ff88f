import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseConfigRuleEvent } from '../../../shared/events/config-rule-event.ts'
import { InputError } from '../../../shared/model/errors.ts'
import { type FakeAws, startFakeAws } from '../../support/fake-aws/fake-aws.ts'
import { catalogueInvoke, openPolicy } from './scenario.ts'

/** Recorded events of other projects lie next to the checkout where they are at hand; our own always are. */
const folders = [resolve('../shared/fixtures/events'), resolve('test/fixtures/events')]
const files = folders
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => [name, join(folder, name)] as const))
  .filter(([name]) => name.endsWith('.json'))
const now = new Date('2026-03-01T12:00:00.000Z')

let fake: FakeAws
beforeEach(async () => {
  fake = await startFakeAws('999988887777')
  fake.state.repositories.set('team/app', openPolicy)
})
afterEach(() => fake.close())

function outcome(event: unknown): unknown {
  try {
    return parseConfigRuleEvent(event, now)
  } catch (error) {
    return error
  }
}

describe.each(files)('%s', (_name, path) => {
  const event = JSON.parse(readFileSync(path, 'utf8'))
  const forRule = { ...event, ruleParameters: '{"ruleId":"ecr-repository-not-public"}' }

  it('is parsed, or refused with the field that is not as expected', () => {
    for (const result of [outcome(event), outcome(forRule)]) {
      if (!(result instanceof Error)) expect(result).toHaveProperty('invocation.accountId', event.accountId)
      else {
        expect(result).toBeInstanceOf(InputError)
        expect(result.message).toMatch(/^(event|invokingEvent)[\w.]*: \S/)
      }
    }
  })
  it('makes a function of another account call nothing', async () => {
    const functionArn = 'arn:aws:lambda:eu-central-1:999988887777:function:pullpath-config-rule'
    for (const sent of [event, forRule]) {
      await expect(catalogueInvoke(fake, sent, functionArn)).rejects.toThrow(InputError)
    }
    expect(fake.calls).toEqual([])
  })
})

it.runIf(existsSync(folders[0] ?? ''))('recorded events of all three kinds are understood', () => {
  const understood = files
    .filter(([, path]) => path.startsWith(folders[0] ?? ''))
    .map(([, path]) => outcome({ ...JSON.parse(readFileSync(path, 'utf8')), ruleParameters: '{"ruleId":"x"}' }))
    .flatMap((result) => (result instanceof Error ? [] : [(result as { kind: string }).kind]))
  expect([...new Set(understood)].sort()).toEqual(['change', 'oversized', 'scheduled'])
})
