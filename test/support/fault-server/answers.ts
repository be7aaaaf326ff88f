import type { FaultAnswer } from './fault-server.ts'

/** A JSON answer. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): FaultAnswer {
  return { kind: 'answer', status, headers, body: JSON.stringify(value) }
}

/** An error as JSON services spell it. */
export function refused(error: string, status = 400, headers: Readonly<Record<string, string>> = {}): FaultAnswer {
  return json({ __type: error, message: `${error} happened` }, status, headers)
}

/** A status without a body. */
export function bare(status: number): FaultAnswer {
  return { kind: 'answer', status }
}

/** A body as it is, status 200. */
export function text(body: string, status = 200): FaultAnswer {
  return { kind: 'answer', status, body }
}

/** The header of a server whose clock is so many minutes ahead of this machine's. */
export function dateAhead(minutes: number): Readonly<Record<string, string>> {
  return { date: new Date(Date.now() + minutes * 60_000).toUTCString() }
}
