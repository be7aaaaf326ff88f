/**
 * A task that may succeed when it is tried again: the state machine does, by this name. The message names calls and reasons, no
 * text of a service.
 */
export class PassingProblem extends Error {
  override readonly name = 'PassingProblem'
}

/** A task that cannot succeed. */
export class ReportProblem extends Error {
  override readonly name = 'ReportProblem'
}

/** The error for something that could not be read or written. @throws always */
export function fail(
  what: string,
  { reason, transience }: { readonly reason: string; readonly transience: string },
): never {
  const message = `${what}: ${reason}`
  throw transience === 'passing' ? new PassingProblem(message) : new ReportProblem(message)
}
