import { ownString } from '../model/json.ts'
import type { JudgedOne, LiveSource } from './live-source.ts'

/**
 * The source, asking for everything once: for the life of one invocation, so that all rules judge one and the same reading.
 * A look at one resource counts by its ARN.
 */
export function readOnce({ types, views, list, around, rolesWith, judged }: LiveSource): LiveSource {
  const looks = remembered<ReturnType<JudgedOne['lookAt']>>()
  const lists = remembered<ReturnType<LiveSource['list']>>()
  const surroundings = remembered<ReturnType<LiveSource['list']>>()
  const holders = remembered<ReturnType<NonNullable<LiveSource['rolesWith']>>>()
  return {
    types,
    views,
    list: (reader, wanted) => lists(keyOf(wanted), () => list(reader, wanted)),
    ...(around === undefined
      ? {}
      : {
          around: (reader, wanted, focus) =>
            surroundings(`${keyOf(wanted)} ${ownString(focus.item, 'arn')}`, () => around(reader, wanted, focus)),
        }),
    ...(rolesWith === undefined
      ? {}
      : { rolesWith: (reader, policyArn) => holders(policyArn, () => rolesWith(reader, policyArn)) }),
    judged: new Map(
      [...judged].map(([type, { refOf, lookAt }]) => [
        type,
        { refOf, lookAt: (reader, ref) => looks(`${type} ${ref.arn}`, () => lookAt(reader, ref)) },
      ]),
    ),
  }
}

function keyOf(types: readonly string[]): string {
  return [...types].sort().join(' ')
}

function remembered<T>(): (key: string, read: () => T) => T {
  const held = new Map<string, T>()
  return (key, read) => {
    const before = held.get(key)
    if (before !== undefined) return before
    const value = read()
    held.set(key, value)
    return value
  }
}
