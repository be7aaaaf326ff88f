/** What the width of text depends on: standard output and the environment. */
export interface TextPlace {
  readonly stdout: { readonly isTTY?: boolean; readonly columns?: number | undefined }
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Columns text is wrapped to, 40 to 120: those of the terminal; of a pipe those that COLUMNS states, else 100. A terminal
 * that does not know its size says 0 and counts as 80 wide.
 */
export function textWidth({ stdout, env }: TextPlace): number {
  const columns = stdout.isTTY ? stdout.columns || 80 : Number.parseInt(env.COLUMNS ?? '', 10) || 100
  return Math.min(Math.max(columns, 40), 120)
}
