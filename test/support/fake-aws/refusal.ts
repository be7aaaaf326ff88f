/** An error the service answers with. */
export class Refusal extends Error {
  readonly code: string
  readonly status: number
  constructor(code: string, status = 400, message: string = code) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** Services hand over at most `limit` entries and a token for the rest. */
export function pageFrom<T>(
  all: readonly T[],
  token: unknown,
  limit: number,
): { readonly page: readonly T[]; readonly next: string | undefined } {
  const start = Number(token ?? 0)
  const end = start + limit
  return { page: all.slice(start, end), next: end < all.length ? String(end) : undefined }
}
