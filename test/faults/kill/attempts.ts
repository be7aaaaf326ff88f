import { expect } from 'vitest'
import type { Deployment, Underway } from '../runtime/deployment.ts'
import { changedAccount, occasions, shown } from '../runtime/occasions.ts'
import { type Member, told, traces } from './member.ts'

/** An account right before an event arrives in it. */
interface Eve {
  readonly made: Deployment
  readonly underway: Underway
  readonly traces: string
}

/** What an event brings about when nothing goes wrong. */
export interface Undisturbed {
  /** Requests in order, as `service:operation`. */
  readonly calls: readonly string[]
  /** What is told of the account that was not told before, sorted. */
  readonly news: readonly string[]
}

/**
 * Kills a process after each number of requests and hands the event to a new one: in the end the account shows what it shows when
 * nothing goes wrong, which is returned.
 */
export async function expectGoodInTheEnd(member: Member, occasion: string): Promise<Undisturbed> {
  const whole = await eveOf(occasion)
  const before = new Set(told(whole.made))
  expect(await member.invoke(whole.made, whole.underway)).toEqual({ how: 'done' })
  const calls = [...member.calls]
  await member.settle(whole.made)
  const expected = shown(whole.made)
  let eve = await eveOf(occasion)
  for (let n = 0; n <= calls.length; n++) {
    expect([n, (await member.invoke(eve.made, eve.underway, n)).how]).toEqual([n, 'killed'])
    // Where it has left nothing, the next that is killed is the one that gets its event: one attempt after the other.
    if (n < calls.length && traces(eve.made) === eve.traces) continue
    // What it had sent on before arrives before it is tried again, or after.
    if (n % 2 === 0) await member.settle(eve.made)
    expect([n, (await member.invoke(eve.made, eve.underway)).how]).toEqual([n, 'done'])
    await member.settle(eve.made)
    expect([n, ...shown(eve.made)]).toEqual([n, ...expected])
    expect([n, eve.made.queue.deadLetters.length]).toEqual([n, 0])
    eve = await eveOf(occasion)
  }
  return { calls, news: told(whole.made).filter((line) => !before.has(line)) }
}

async function eveOf(name: string): Promise<Eve> {
  const occasion = occasions[name]
  if (occasion === undefined) throw new Error(`there is no occasion ${name}`)
  const made = await changedAccount()
  const underway = await occasion(made)
  return { made, underway, traces: traces(made) }
}
