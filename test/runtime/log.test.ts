import { afterEach, expect, it, vi } from 'vitest'
import { createLog } from '../../shared/runtime/log.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** The lines a log writes, as they leave the process. */
function linesOf(write: (log: ReturnType<typeof createLog>) => void): readonly string[] {
  const lines: string[] = []
  const keep = (chunk: unknown) => {
    lines.push(String(chunk))
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(keep)
  vi.spyOn(process.stderr, 'write').mockImplementation(keep)
  write(createLog('pullpath-test'))
  vi.restoreAllMocks()
  return lines
}

it('writes one line of JSON with the message, its fields and who writes', () => {
  const [line = '', ...others] = linesOf((log) =>
    log.info('swept', { rule: 'ecr-repository-not-public', hop: 2, done: true }),
  )
  expect(others).toEqual([])
  expect(JSON.parse(line)).toMatchObject({
    ...{ level: 'INFO', message: 'swept', service: 'pullpath-test' },
    ...{ rule: 'ecr-repository-not-public', hop: 2, done: true },
  })
})

it('tells warnings from the rest', () => {
  const [line = ''] = linesOf((log) => log.warn('left', { count: 1 }))
  expect(JSON.parse(line)).toMatchObject({ level: 'WARN', message: 'left', count: 1 })
})

const hostile = [
  ['escapes of terminals', '\u001b[2Jgone', ' [2Jgone'],
  ['C1 controls', 'a\u009b31mb', 'a 31mb'],
  ['line breaks', 'a\r\nb\u2028c\u2029d', 'a b c d'],
  ['what turns the direction of text', 'a\u202eb\u2066c', 'a b c'],
  ['what takes no room', 'a\u200bb\ufeffc', 'a b c'],
  ['lone surrogates', 'a\ud800b', 'a b'],
  ['nothing of other scripts', 'größe 日本 \u{1F600}', 'größe 日本 \u{1F600}'],
] as const

it.each(hostile)('takes out of texts %s', (_, text, plain) => {
  const [line = ''] = linesOf((log) => log.warn(text, { reason: text }))
  expect(JSON.parse(line)).toMatchObject({ message: plain, reason: plain })
  // Neither raw nor escaped.
  expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\\u00[01]|\\ud8[0-9a-f]{2}"/u)
})
