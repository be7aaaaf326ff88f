// biome-ignore-all lint/suspicious/noExplicitAny: templates are JSON

/** What a template's own functions rest on. */
export interface TemplateParts {
  /** What `Ref` answers for anything but `AWS::NoValue`. */
  readonly ref: (id: string) => unknown
  /** What `Fn::GetAtt` answers. */
  readonly attribute: (id: string, name: string) => unknown
  readonly conditions: any
}

const absent = Symbol('AWS::NoValue')

/** Evaluates CloudFormation's intrinsic functions, as far as our templates use them. */
export function templateEvaluator({ ref, attribute, conditions }: TemplateParts): (value: any) => any {
  const functions: Readonly<Record<string, (value: any) => any>> = {
    Ref: (id) => (id === 'AWS::NoValue' ? absent : ref(id)),
    Condition: (id) => evaluate(conditions[id]),
    'Fn::GetAtt': ([id, name]) => attribute(id, name),
    'Fn::Sub': (given: string | [string, Record<string, unknown>]) => {
      const [text, own] = typeof given === 'string' ? [given, {}] : given
      return text.replace(/\$\{([\w:]+)\}/g, (_, id) => evaluate(Object.hasOwn(own, id) ? own[id] : { Ref: id }))
    },
    'Fn::Split': ([separator, text]) => evaluate(text).split(separator),
    'Fn::Join': ([separator, parts]) => evaluate(parts).join(separator),
    'Fn::If': ([id, yes, no]) => evaluate(evaluate({ Condition: id }) ? yes : no),
    'Fn::Equals': (both) => new Set(evaluate(both)).size === 1,
    'Fn::Not': ([one]) => !evaluate(one),
    'Fn::And': (all) => evaluate(all).every((one: boolean) => one),
    'Fn::Or': (all) => evaluate(all).some((one: boolean) => one),
  }
  function evaluate(value: any): any {
    if (Array.isArray(value)) return value.map(evaluate).filter((one) => one !== absent)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
    const [name, argument] = entries[0] ?? ['', undefined]
    // `Condition` is a word of policies, too.
    const isFunction = name.startsWith('Fn::') || typeof argument === 'string'
    if (entries.length === 1 && isFunction && Object.hasOwn(functions, name)) return functions[name]!(argument)
    const evaluated = entries.map(([key, one]) => [key, evaluate(one)] as const)
    return Object.fromEntries(evaluated.filter(([, one]) => one !== absent))
  }
  return evaluate
}
