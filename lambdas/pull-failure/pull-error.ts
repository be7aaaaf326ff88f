import type { Candidate } from '../../shared/pull/diagnose/candidate.ts'
import { diagnose } from '../../shared/pull/diagnose/diagnose.ts'

/** By these words ECS itself says that a pull failed, whatever else it says. */
const pullErrors = ['cannotpullcontainer', 'cannotpullecrcontainer', 'cannotpullimagemanifest', 'registry auth']

/** A panic of the runtime: ECS documents it for layers that no route leads to. */
const panic: Candidate = {
  hop: 's3-layers',
  code: 'pull-panicked',
  meaning:
    'the layers could not be fetched: ECS documents a panic of the pull for a missing way to the S3 gateway endpoint',
  confidence: 0.6,
  checks: [
    'the route table of the pulling subnet leads to an S3 gateway endpoint or the internet',
    'the security group of the task lets TCP 443 out to S3',
  ],
  commands: [],
}

const notKnown: Candidate = {
  hop: 'image',
  code: 'pull-error-not-known',
  meaning: 'the pull failed in a way that is not known here',
  confidence: 0.1,
  checks: ['the text of the error', 'pullpath explain for the workload'],
  commands: [],
}

/** What texts that say why a task stopped may mean, likeliest first; empty when they are about no pull. */
export function pullErrorIn(texts: readonly string[]): readonly Candidate[] {
  const text = texts.join('\n')
  const diagnosed = text === '' ? [] : diagnose(text)
  return diagnosed.length > 0 ? diagnosed : unknownPullError(text)
}

/** ECS says that a pull failed, and the signatures do not know the words. */
function unknownPullError(text: string): readonly Candidate[] {
  const lower = text.toLowerCase()
  if (!pullErrors.some((words) => lower.includes(words))) return []
  return lower.includes('panic: runtime error') ? [panic, notKnown] : [notKnown]
}
