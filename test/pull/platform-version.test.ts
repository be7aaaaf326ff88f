import { expect, it } from 'vitest'
import { fetchesTokenInVpc } from '../../shared/pull/platform-version.ts'

it.each([
  ['1.3.0', 'linux', false],
  ['1.0.0', 'linux', false],
  ['1.4.0', 'linux', true],
  ['1.10.0', 'linux', true],
  ['2.0.0', 'linux', true],
  ['LATEST', 'linux', true],
  [undefined, 'linux', true],
  ['1.0.0', 'windows', true],
  ['nonsense', 'linux', true],
] as const)('platform version %s of %s fetches the token in the VPC: %s', (version, system, expected) => {
  expect(fetchesTokenInVpc(version, system)).toBe(expected)
})
