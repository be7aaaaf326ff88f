/** How a check of a planned deployment ended. A warning is something to know; an error would fail, now or later. */
export type DeployStatus = 'ok' | 'warning' | 'error'

/** One of several things a check looked at. */
export interface DeployItem {
  readonly name: string
  readonly status: DeployStatus
  readonly reason: string
}

/** What is checked. */
export const deployCheckIds = [
  'settings',
  'settings-size',
  'exceptions',
  'rules',
  'recorder',
  'organization',
  'regions',
  'home-region',
  'stack-instances',
  'parameters',
  'template',
  'functions',
  'config-rules',
  'event-rules',
] as const
/** One of `deployCheckIds`. */
export type DeployCheckId = (typeof deployCheckIds)[number]

/** One check. Texts of files are in it as they came: not yet safe for a terminal. */
export interface DeployCheck {
  readonly id: DeployCheckId
  readonly status: DeployStatus
  /** One line. */
  readonly reason: string
  readonly items?: readonly DeployItem[]
}

const gravity: readonly DeployStatus[] = ['ok', 'warning', 'error']

/** The gravest of several; `ok` of none. */
export function gravest(statuses: readonly DeployStatus[]): DeployStatus {
  return gravity[Math.max(0, ...statuses.map((status) => gravity.indexOf(status)))] ?? 'ok'
}

/** A check of several things: as grave as the gravest, `good` when all are well. */
export function checkOf(id: DeployCheckId, good: string, items: readonly DeployItem[]): DeployCheck {
  const bad = items.filter(({ status }) => status !== 'ok')
  const [only] = bad
  if (only === undefined) return { id, status: 'ok', reason: good, ...(items.length > 0 ? { items } : {}) }
  const errors = bad.filter(({ status }) => status === 'error').length
  const reason = [counted(errors, 'error'), counted(bad.length - errors, 'warning')].filter((text) => text !== '')
  return { id, status: gravest(bad.map(({ status }) => status)), reason: reason.join(', '), items }
}

function counted(number: number, name: string): string {
  if (number === 0) return ''
  return `${number} ${name}${number === 1 ? '' : 's'}`
}

/** An item for a number that has a limit: a warning from nine tenths of it on. */
export function withinLimit(name: string, number: number, limit: number, unit: string): DeployItem {
  const reason = `${number.toLocaleString('en-US')} of at most ${limit.toLocaleString('en-US')} ${unit}`
  if (number > limit) return { name, status: 'error', reason }
  return { name, status: number > limit * 0.9 ? 'warning' : 'ok', reason }
}
