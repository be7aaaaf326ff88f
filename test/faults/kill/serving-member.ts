import { afterAll, beforeAll } from 'vitest'
import { onVirtualTime } from '../runtime/sandbox.ts'
import { Member } from './member.ts'

/** Starts a member on virtual time before the tests of a file and closes it after them; its findings go that way. */
export function servingMember(delivery: 'queued' | 'direct'): () => Member {
  let member: Member | undefined
  let back: (() => void) | undefined
  beforeAll(async () => {
    back = onVirtualTime()
    member = await Member.start(delivery)
  })
  afterAll(async () => {
    back?.()
    await member?.close()
  })
  return () => {
    if (member === undefined) throw new Error('no member before the tests begin')
    return member
  }
}
