import { expect, it } from 'vitest'
import { resultOf } from '../../../cli/explain/result.ts'
import { hop, pullTrace } from '../../support/pull-traces.ts'

const broken = pullTrace([hop({ hop: 'dns', status: 'fail', fix: 'Turn it on', subnets: ['subnet-1'] })])

it('is one JSON document in pieces: the worst verdict, then a row per pull with its fixes', () => {
  const pieces = [...resultOf([pullTrace(), broken])]
  expect(pieces.length).toBe(4)
  const result = JSON.parse(pieces.join(''))
  expect(result.verdict).toBe('fail')
  expect(result.pulls).toHaveLength(2)
  expect(result.pulls[1].hops.find((one: { hop: string }) => one.hop === 'dns')).toMatchObject({
    fix: 'Turn it on',
    subnets: ['subnet-1'],
  })
})

it('is indented as a whole, and a list without pulls stays a list', () => {
  const text = [...resultOf([broken])].join('')
  expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`)
  expect(JSON.parse([...resultOf([])].join(''))).toEqual({ verdict: 'pass', pulls: [] })
})

it('carries nothing that steers a terminal, and says what was there', () => {
  const evil = 'a\u009b31m\u202e\u2028\u{e0041}'
  const text = [...resultOf([pullTrace([], { image: evil })])].join('')
  expect(text).toContain('"image": "a\\u009b31m\\u202e\\u2028\\udb40\\udc41"')
  expect(JSON.parse(text).pulls[0].image).toBe(evil)
})
