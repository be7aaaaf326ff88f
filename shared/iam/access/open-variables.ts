import type { RequestContext } from '../conditions/context.ts'
import { compileTemplate } from '../conditions/variables.ts'
import { matchesWildcardIgnoringCase } from '../match/wildcard.ts'
import type { Condition } from '../policy/policy.ts'

/** Keys that a situation fixes, or of which every value is tried. */
const fixedKeys = new Set([
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:principaltype',
  'aws:resourceaccount',
  'aws:resourceorgid',
  'aws:requestedregion',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:vpceaccount',
  'aws:vpceorgid',
])
/** A resource has the tags it has. */
const fixedPrefixes = ['aws:resourcetag/', 'ecr:resourcetag/']
/** Keys whose tried values hold what is fixed about the caller. */
const builtKeys = new Set([
  'aws:principalarn',
  'aws:sourcearn',
  'aws:sourcevpcarn',
  'aws:principalorgpaths',
  'aws:sourceorgpaths',
  'aws:vpceorgpaths',
])

/**
 * Whether the condition might match in another request of the same caller: of keys the caller chooses only some values
 * are tried, and what a variable brings about is not among them.
 */
export function mayMatch({ key, values }: Condition, context: RequestContext): boolean {
  const name = key.toLowerCase()
  const actual = context.get(name)
  if (actual?.state !== 'present') return false
  const isChosen = !isFixed(name) && !builtKeys.has(name)
  return values
    .flatMap((value) => opened(value, context, isChosen) ?? [])
    .some((pattern) => actual.values.some((text) => matchesWildcardIgnoringCase(pattern, text)))
}

/** The value with a star for each variable that may stand for something else; undefined when nothing else can match. */
function opened(value: string, context: RequestContext, isChosen: boolean): string | undefined {
  let text = ''
  let isOpen = false
  for (const piece of compileTemplate(value)) {
    const known = 'name' in piece && isFixed(piece.name) ? context.get(piece.name) : undefined
    if (known?.state === 'absent') return undefined
    const isFilled = !isChosen && known?.state === 'present'
    isOpen ||= 'name' in piece && !isFilled
    text += 'text' in piece ? piece.text : isFilled ? known.values.join() : '*'
  }
  return isOpen ? text : undefined
}

function isFixed(name: string): boolean {
  return fixedKeys.has(name) || fixedPrefixes.some((prefix) => name.startsWith(prefix))
}
