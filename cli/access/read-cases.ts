import type { AccessCase } from '../../shared/iam/evaluate/types.ts'
import { duplicateJsonKeys } from '../../shared/inventory/json-text.ts'
import { InputError } from '../../shared/model/errors.ts'
import { isJsonObject, type JsonValue, ownString } from '../../shared/model/json.ts'
import { type CaseDraft, caseSchema } from './case-schema.ts'
import { itemTexts } from './item-texts.ts'
import { toAccessCase } from './to-access-case.ts'

/** A case of the file: ready to be decided, or the line that says what is wrong with it. */
export type ReadCase =
  | { readonly ok: true; readonly name: string; readonly case: AccessCase }
  | { readonly ok: false; readonly problem: string }

/** More repeated keys than this in one case are not told apart. */
const duplicatesAtMost = 20

/**
 * Reads a file of one case or a list of cases. `file` names it in messages.
 * @throws InputError when the text is not JSON or holds no case
 */
export function readCases(text: string, file: string): readonly ReadCase[] {
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text
  const json = parsed(clean, file)
  const items: readonly JsonValue[] = Array.isArray(json) ? json : [json]
  if (items.length === 0) throw new InputError(`${file}: holds no case; expected a case or a list of cases`)
  const duplicates = duplicatesOf(clean, Array.isArray(json), items.length)
  return items.map((item, index) => readCase(item, index + 1, file, duplicates[index] ?? []))
}

function parsed(text: string, file: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new InputError(`${file}: is not valid JSON (${reason}); expected a case or a list of cases`)
  }
}

function duplicatesOf(text: string, isList: boolean, count: number): readonly (readonly string[])[] {
  if (duplicateJsonKeys(text).length === 0) return []
  const texts = isList ? itemTexts(text) : [text]
  if (texts.length !== count) throw new Error('the cases of the file could not be told apart')
  return texts.map(duplicateJsonKeys)
}

function readCase(item: JsonValue, position: number, file: string, duplicates: readonly string[]): ReadCase {
  const stated = isJsonObject(item) ? ownString(item, 'name') : undefined
  const name = stated ?? `case ${position}`
  const at = `${file}: case ${position}${stated === undefined ? '' : ` "${stated}"`}`
  if (duplicates.length >= duplicatesAtMost)
    return { ok: false, problem: `${at}: at least ${duplicatesAtMost} keys occur twice in one object` }
  const result = caseSchema.safeParse(item)
  if (!result.success) return { ok: false, problem: `${at}: ${problemOf(result.error.issues)}` }
  return converted(result.data, name, at, duplicates)
}

function converted(draft: CaseDraft, name: string, at: string, duplicates: readonly string[]): ReadCase {
  const result = toAccessCase(draft, duplicates)
  if (result.ok) return { ok: true, name, case: result.case }
  return { ok: false, problem: `${at}: ${fieldOf(result.twice)}: occurs twice in one object` }
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** The first problem is enough to go on; one line each. */
function problemOf([first]: readonly Issue[]): string {
  if (first === undefined) return 'is not a case'
  const path = first.path.map((part, index) =>
    typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${String(part)}`,
  )
  return path.length === 0 ? first.message : `${path.map(String).join('')}: ${first.message}`
}

function fieldOf(pointer: string): string {
  return pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')
}
