/** An object whose properties are made on first access and remembered. */
export function lazily<M extends Readonly<Record<string, () => object>>>(
  makers: M,
): { readonly [K in keyof M]: ReturnType<M[K]> } {
  const object = {}
  for (const [key, make] of Object.entries(makers)) {
    Object.defineProperty(object, key, { enumerable: true, get: once(make) })
  }
  return object as { readonly [K in keyof M]: ReturnType<M[K]> }
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
