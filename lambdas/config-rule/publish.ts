import type { Finding } from '../../shared/model/finding.ts'
import type { Scope } from '../../shared/model/resource.ts'
import { type PublishingParts, publisherOf } from '../../shared/sinks/publish-findings.ts'
import { type Rendering, renderFindings } from '../../shared/sinks/security-hub/render-findings.ts'

/** Where findings are published, when what they say was read, and of when the change is (`toldAt`). */
export interface Publication extends Scope, Rendering {}

/** Hands findings on. Rejects when any of them was not taken. */
export type PublishFindings = (findings: readonly Finding[], at: Publication) => Promise<void>

/** Renders findings and publishes them. Where Security Hub is not enabled there is nobody to tell. */
export function publisher(parts: PublishingParts): PublishFindings {
  const publish = publisherOf(parts)
  return async (findings, { accountId, region, ...times }) => {
    await publish({ accountId, region }, renderFindings(findings, { region, ...times }))
  }
}
