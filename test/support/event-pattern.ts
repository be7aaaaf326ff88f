type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * EventBridge's matching, as far as our patterns use it. Fields are all wanted, values of a field are alternatives, `$or` holds
 * alternatives of several fields, and of a list in the event one element has to fit. Anything else is an error, not a miss.
 */
export function matchesPattern(pattern: Json, event: Json): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or') return branches(wanted).some((branch) => matchesPattern(branch, event))
    const value = event[key]
    return Array.isArray(wanted)
      ? elementsOf(value).some((element) => wanted.some((one) => matchesLeaf(one, element)))
      : elementsOf(value).some((element) => isObject(element) && matchesPattern(wanted as Json, element))
  })
}

/** A missing field is one element that is not there, and so is an empty list. */
function elementsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) && value.length > 0 ? value : [Array.isArray(value) ? undefined : value]
}

/** EventBridge takes `$or` for a field of that name unless it holds two objects or more that are not empty. */
function branches(wanted: unknown): readonly Json[] {
  const all = Array.isArray(wanted) ? wanted.filter(isObject).filter((one) => Object.keys(one).length > 0) : []
  if (!Array.isArray(wanted) || all.length < 2 || all.length < wanted.length) throw new Error('this $or is no operator')
  return all
}

function matchesLeaf(one: unknown, value: unknown): boolean {
  if (!isObject(one)) return one === value
  const [operator, operand] = Object.entries(one)[0] ?? []
  if (operator === 'exists') return operand === (value !== undefined && value !== null)
  if (operator === 'prefix') return typeof value === 'string' && value.startsWith(String(operand))
  if (operator === 'anything-but' && isObject(operand) && typeof operand.prefix === 'string') {
    return typeof value === 'string' && !value.startsWith(operand.prefix)
  }
  throw new Error(`the matcher does not know ${JSON.stringify(one)}`)
}
