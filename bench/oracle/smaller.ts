import type { InputCase } from './input-case.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Required by the form of a case or a statement. */
const kept = new Set([
  'request',
  'principal',
  'action',
  'resource',
  'accountId',
  'type',
  'context',
  'identityPolicies',
  'Effect',
  'Version',
  'Statement',
  'policy',
  'name',
  'orgIdentifier',
  'policies',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
])

/** The case with one part left out or replaced by `*`, in every way. */
export function* smaller(one: InputCase): Generator<InputCase> {
  for (const json of without(one as unknown as Json)) yield json as unknown as InputCase
}

function* without(value: Json): Generator<Json> {
  if (Array.isArray(value)) yield* withoutElement(value)
  else if (typeof value === 'object' && value !== null) yield* withoutField(value as { readonly [key: string]: Json })
}

function* withoutElement(list: readonly Json[]): Generator<Json> {
  for (const [index, item] of list.entries()) {
    yield list.toSpliced(index, 1)
    for (const less of without(item)) yield list.with(index, less)
  }
}

function* withoutField(object: { readonly [key: string]: Json }): Generator<Json> {
  for (const [key, value] of Object.entries(object)) {
    if (!kept.has(key) && key !== 'Resource' && key !== 'NotResource')
      yield Object.fromEntries(Object.entries(object).filter(([name]) => name !== key))
    if ((key === 'Action' || key === 'Resource') && value !== '*') yield { ...object, [key]: '*' }
    for (const less of without(value)) yield { ...object, [key]: less }
  }
}
