import { createHandler } from './create-handler.ts'
import type { Work } from './work.ts'

let work: Promise<Work> | undefined

/** The entry point of pullpath-pull-failure, which EventBridge invokes. */
export const handler = createHandler({
  now: () => new Date(),
  load: () => {
    work ??= import('./production.ts').then(({ production }) => production())
    return work
  },
})
