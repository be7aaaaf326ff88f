import { styleText } from 'node:util'
import wrapAnsi from 'wrap-ansi'
import type { DeployCheck, DeployItem, DeployStatus } from '../../shared/deploy-check/check.ts'
import { terminalText } from '../../shared/sinks/report/terminal-text.ts'

/** How the checks are drawn. */
export interface DeployRendering {
  /** Columns of the terminal. */
  readonly width: number
  readonly color: boolean
}

const colors: Record<DeployStatus, 'green' | 'yellow' | 'red'> = { ok: 'green', warning: 'yellow', error: 'red' }
const longestStatus = 7
const longestId = 15

/** The checks for a person: one line each, below it what is not as it should be, and the types to record. */
export function renderDeployChecks(checks: readonly DeployCheck[], options: DeployRendering): string {
  const lines = checks.flatMap((check) => [
    entry({ indent: 0, status: check.status, head: check.id.padEnd(longestId + 2), text: check.reason }, options),
    ...(check.id === 'recorder' ? typeLines(check.items ?? []) : badItems(check, options)),
  ])
  return `${lines.join('\n')}\n`
}

function badItems({ items = [] }: DeployCheck, options: DeployRendering): readonly string[] {
  return items
    .filter(({ status }) => status !== 'ok')
    .map(({ name, status, reason }) => {
      // A message of the settings parser names its place itself.
      const text = name === 'settings' ? reason : `${name}: ${reason}`
      return entry({ indent: longestStatus + 2, status, head: '', text }, options)
    })
}

/** Not wrapped and nothing beside them: they are to be copied. */
function typeLines(types: readonly DeployItem[]): readonly string[] {
  return types.map(({ name }) => `${' '.repeat(longestStatus + 2 + longestId + 2)}${terminalText(name)}`)
}

interface Entry {
  readonly indent: number
  readonly status: DeployStatus
  readonly head: string
  readonly text: string
}

function entry({ indent, status, head, text }: Entry, { width, color }: DeployRendering): string {
  const start = indent + longestStatus + 2 + head.length
  const wrapped = wrapAnsi(terminalText(text), Math.max(width - start, 20), { hard: true })
  const painted = color ? styleText(colors[status], status, { validateStream: false }) : status
  const gap = ' '.repeat(longestStatus - status.length + 2)
  return `${' '.repeat(indent)}${painted}${gap}${head}${wrapped.replaceAll('\n', `\n${' '.repeat(start)}`)}`
}
