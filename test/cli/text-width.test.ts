import { expect, it } from 'vitest'
import { textWidth } from '../../cli/text-width.ts'

const terminal = (columns: number | undefined) =>
  textWidth({ stdout: { isTTY: true, columns }, env: { COLUMNS: '50' } })

it('is that of the terminal, within bounds', () => {
  expect([60, 80, 120, 240, 12].map(terminal)).toEqual([60, 80, 120, 120, 40])
})

it('is 80 in a terminal that does not know its size', () => {
  expect([terminal(0), terminal(undefined)]).toEqual([80, 80])
})

it('is what COLUMNS states in a pipe, else 100', () => {
  const pipe = (COLUMNS: string | undefined) => textWidth({ stdout: {}, env: { COLUMNS } })
  expect([undefined, '', '60', 'wide', '0', '-5'].map(pipe)).toEqual([100, 100, 60, 100, 100, 40])
})
