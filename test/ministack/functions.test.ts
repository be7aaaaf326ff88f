import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoggedCall } from '../support/fake-aws/fake-aws.ts'
import { problemsOf, readServiceModel } from '../support/service-model.ts'
import { createFunction, invokeFunction, reconfigure } from './function.ts'
import { type MiniStack, startMiniStack } from './mini-stack.ts'
import { functionRows } from './rows.ts'
import type { Stage, Write } from './stage.ts'

let stack: MiniStack
beforeAll(async () => {
  stack = await startMiniStack()
})
afterAll(() => stack.stop())

const manyAtOnce = 10
const problemsIn = ({ service, operation, body }: LoggedCall) => problemsOf(readServiceModel(service), operation, body)
/** Every write once, in a fixed order. */
const onceEach = (writes: readonly Write[]) => [...new Set(writes.map((one) => JSON.stringify(one)))].sort()

describe.each(functionRows)('$functionName at $title', ({ title, functionName, entry, variables = {}, stage: set }) => {
  // A function of its own for each row: what one has read, the other does not remember.
  const name = `${functionName}-${functionRows.findIndex((row) => row.title === title)}`
  const environment = (on: Stage) => ({ ...variables, ...on.environment })
  const succeeded = ({ answer = null }: Stage) => ({ functionError: null, payload: answer })
  let stage: Stage
  beforeAll(async () => {
    stage = await set()
    await createFunction(stack, name, entry, environment(stage))
  })
  afterAll(() => stage.close())

  it('writes what it found, cold and warm', async () => {
    const cold = await invokeFunction(stack, name, stage.event)
    expect(cold).toMatchObject(succeeded(stage))
    expect(stage.written()).toEqual(stage.writes)
    expect(stack.coldStarts(name)).toBe(1)
    expect(stage.bodies().flatMap(problemsIn)).toEqual([])
    stage.forget()
    const warm = await invokeFunction(stack, name, stage.event)
    expect(warm).toMatchObject(succeeded(stage))
    expect(stage.written()).toEqual(stage.again ?? stage.writes)
    expect(stack.coldStarts(name)).toBe(1)
  })

  it('logs lines of JSON that hold no event', async () => {
    const { log } = await invokeFunction(stack, name, stage.event)
    const lines = log.split('\n').filter((line) => line.startsWith('{'))
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
    expect(log).not.toMatch(/token-1|configurationItem|policyText|"detail"|Statement/)
  })

  it('fails at an event that is not its own, writes nothing and goes on', async () => {
    stage.forget()
    const { event, message, cause, mend } = stage.refused
    cause?.()
    const failed = await invokeFunction(stack, name, event)
    mend?.()
    expect(failed.functionError).toBe('Unhandled')
    expect(failed.payload.errorMessage).toContain(message)
    expect(stage.written()).toEqual([])
    expect(await invokeFunction(stack, name, stage.event)).toMatchObject(succeeded(stage))
    expect(stack.coldStarts(name)).toBe(1)
  })

  it(`writes the same when ${manyAtOnce} environments start at once`, async () => {
    await stage.close()
    stage = await set()
    await reconfigure(stack, name, environment(stage))
    const started = stack.coldStarts(name)
    const all = await Promise.all(Array.from({ length: manyAtOnce }, () => invokeFunction(stack, name, stage.event)))
    expect(all.map(({ functionError }) => functionError)).toEqual(all.map(() => null))
    expect(onceEach(stage.written())).toEqual(onceEach(stage.writes))
    expect(stack.coldStarts(name) - started).toBeGreaterThan(1)
  })
})
