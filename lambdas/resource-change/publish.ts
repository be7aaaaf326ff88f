import { type PublishingParts, publisherOf } from '../../shared/sinks/publish-findings.ts'
import { renderFindings } from '../../shared/sinks/security-hub/render-findings.ts'
import type { Dependencies } from './dependencies.ts'

/** Renders findings and publishes them. Where Security Hub is not enabled there is nobody to tell. */
export function publisher(parts: PublishingParts): Dependencies['publish'] {
  const publish = publisherOf(parts)
  return async (findings, { accountId, region, ...times }) => {
    await publish({ accountId, region }, renderFindings(findings, { region, ...times }))
  }
}
