import { byEnvelope, type Handle } from './by-envelope.ts'
import { createHandler } from './create-handler.ts'
import type { Work } from './work.ts'

let work: Promise<Work> | undefined
let auditor: Promise<Handle> | undefined

const pulls = createHandler({
  now: () => new Date(),
  load: () => {
    work ??= import('./production.ts').then(({ production }) => production())
    return work
  },
})

/** The entry point of pullpath-pull-failure, which EventBridge, AWS Config and pullpath-resource-change invoke. */
export const handler = byEnvelope(pulls, () => {
  auditor ??= import('../config-rule/image-auditor.ts').then(({ imageAuditor }) => imageAuditor())
  return auditor
})
