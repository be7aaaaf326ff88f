import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Course } from './course.ts'
import { kept } from './kept.ts'
import { onVirtualTime } from './sandbox.ts'

let back: () => void
beforeAll(() => {
  back = onVirtualTime()
})
afterAll(() => back())

describe('plans that once failed:', () => {
  it.each([...kept])('%s', async (_, plan) => {
    await expect(new Course(plan).play()).resolves.toBeUndefined()
  })
})
