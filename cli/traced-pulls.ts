import { wantedTypes } from '../shared/engine/plan.ts'
import { rule as pullPathRule } from '../shared/rules/image/image-pull-path.ts'

/** True when the types hold everything that tracing pulls rests on: with less a trace would only say what was not read. */
export function canTrace(types: ReadonlySet<string>): boolean {
  return [...wantedTypes([pullPathRule])].every((type) => types.has(type))
}
