import { expect, it } from 'vitest'
import { mark, reachOf } from '../../../shared/iam/trust/subject-reach.ts'

it.each([
  ['organization:acme:project:p:workspace:w:run_phase:*', 'one'],
  ['organization:acme:project:p:workspace:*:run_phase:apply', 'several'],
  ['organization:acme:project:*', 'several'],
  ['organization:*:project:p:workspace:w:run_phase:apply', 'issuer'],
  ['organization:acme:pipeline:p:*', 'one'],
  ['organization:acme:pipeline:*', 'several'],
  ['org/0a1b/project/2c3d/user/*', 'one'],
  ['org/0a1b/project/*', 'several'],
  ['org/*/project/2c3d/user/4e5f', 'issuer'],
  ['{5a1b2c3d-0000-4000-8000-0123456789ab}:*', 'one'],
  ['x{5a1b2c3d-0000-4000-8000-0123456789ab}:*', 'several'],
  ['repo:org/app:ref:refs/heads/main', 'one'],
  ['team:app', 'one'],
  ['*', 'issuer'],
  ['re*', 'issuer'],
  ['team:*', 'several'],
  ['system:*', 'issuer'],
])('%s reaches %s', (pattern, reach) => {
  expect(reachOf(pattern.replaceAll('*', mark))).toBe(reach)
})
