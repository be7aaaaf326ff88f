import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { parametersOf } from '../../shared/engine/parameters.ts'
import { InputError } from '../../shared/model/errors.ts'
import type { JsonValue } from '../../shared/model/json.ts'

const rule = {
  id: 'ecr-sample',
  parameters: z.object({ limit: z._default(z.int(), 3), names: z.optional(z.array(z.string())) }),
}
const given = (parameters: Readonly<Record<string, JsonValue>>) =>
  parametersOf(rule, { parameters: new Map(Object.entries(parameters)) })

it('what settings leave out has the default of the rule', () => {
  expect(parametersOf(rule, undefined)).toStrictEqual({ limit: 3 })
  expect(parametersOf(rule, { enabled: false })).toStrictEqual({ limit: 3 })
  expect(given({ names: ['app'] })).toStrictEqual({ limit: 3, names: ['app'] })
})

it('what settings state is taken', () => {
  expect(given({ limit: 7, names: [] })).toStrictEqual({ limit: 7, names: [] })
})

it.each<[string, Readonly<Record<string, JsonValue>>, string]>([
  [
    'of the wrong type',
    { limit: 'many' },
    'rules.ecr-sample.parameters.limit: Invalid input: expected number, received string',
  ],
  [
    'of the wrong type inside',
    { names: ['app', 7] },
    'rules.ecr-sample.parameters.names.1: Invalid input: expected string, received number',
  ],
  ['nobody knows', { limits: 1 }, 'rules.ecr-sample.parameters: Unrecognized key: "limits"'],
])('a parameter %s is refused with its name and what was expected', (_name, parameters, message) => {
  expect(() => given(parameters)).toThrow(InputError)
  expect(() => given(parameters)).toThrow(message)
})
