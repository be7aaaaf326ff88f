/** An id as services make them: of EC2 `vpc-0a1b…`, of Route 53 `Z0AB…`. */
const ids = /\b(?:[a-z]+-[0-9a-f]{8,17}|Z[0-9A-Z]{8,31})\b/g

interface TwoWays {
  readonly motos: Map<string, string>
  readonly ours: Map<string, string>
}

/** What moto calls by ids it makes itself, and what the estate put into it calls them. An account has names of its own. */
export class Names {
  readonly #accounts = new Map<string, TwoWays>()

  add(accountId: string, ours: string, motos: string): void {
    const names = this.#accounts.get(accountId) ?? { motos: new Map(), ours: new Map() }
    names.motos.set(ours, motos)
    names.ours.set(motos, ours)
    this.#accounts.set(accountId, names)
  }

  /** The text with moto's ids in place of ours. */
  motos(accountId: string, text: string): string {
    return this.#said(text, this.#accounts.get(accountId)?.motos)
  }

  /** The text with our ids in place of moto's. */
  ours(accountId: string, text: string): string {
    return this.#said(text, this.#accounts.get(accountId)?.ours)
  }

  #said(text: string, names: ReadonlyMap<string, string> | undefined): string {
    return names === undefined ? text : text.replace(ids, (id) => names.get(id) ?? id)
  }
}
