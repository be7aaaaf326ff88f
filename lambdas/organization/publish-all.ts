import type { Scope } from '../../shared/model/resource.ts'
import { readFailure } from '../../shared/sources/failure.ts'
import { publishedNames } from '../../shared/sources/published/names.ts'
import type { Dependencies } from './dependencies.ts'
import type { Environment } from './environment.ts'
import { type Publication, PublicationRefused, type Shelf } from './publication.ts'
import { publishOrganization } from './publish-organization.ts'
import { publishSettings } from './publish-settings.ts'
import { accountsIn, readFacts } from './read-facts.ts'

/** Form of the files that are written. */
const VERSION = '1'

/** One time of publishing: with what, where, and until when. */
export interface Run {
  readonly parts: Dependencies
  readonly own: Scope
  readonly environment: Environment
  /** ISO 8601. */
  readonly readAt: string
  /** Ends all reading. */
  readonly signal: AbortSignal
}

/** What is published, as metrics and messages call it. */
export type PublishedFile = 'Organization' | 'Settings'

/** What was not published, and why: the last good copy stays, if there is one. */
export interface Problem {
  readonly file: PublishedFile
  /** Names the file, and holds no free text of a service. */
  readonly reason: string
}

/** Publishes the organization and the settings, each whatever becomes of the other. What cannot be published stays as it was. */
export async function publishAll(run: Run): Promise<readonly Problem[]> {
  const { parts } = run
  const measures = parts.measures()
  const problems: Problem[] = []
  const attempt = async (file: PublishedFile, publish: () => Promise<Publication>) => {
    const outcome = await settled(publish)
    const done = 'outcome' in outcome
    measures.count(`${file}Published`, done ? 1 : 0)
    if (done) parts.log().info('publication', { file, outcome: outcome.outcome })
    else problems.push({ file, reason: `${file}: ${outcome.problem}` })
  }
  await attempt('Organization', async () => {
    const { publication, accounts } = await organization(run)
    measures.count('OrganizationAccounts', accounts)
    return publication
  })
  await attempt('Settings', () => settings(run))
  measures.count('PublicationsRefused', problems.length)
  measures.flush()
  for (const { reason } of problems) parts.log().warn('not published, the last good copy stays', { problem: reason })
  return problems
}

/** What the problems come to, in a sentence. */
export function sentenceOf(problems: readonly string[]): string {
  return `not published: ${problems.join('; ')}`
}

async function settled(
  publish: () => Promise<Publication>,
): Promise<{ readonly outcome: Publication } | { readonly problem: string }> {
  try {
    return { outcome: await publish() }
  } catch (error) {
    // Texts of the service may hold anything: only our own are repeated.
    if (error instanceof PublicationRefused) return { problem: error.message }
    return { problem: readFailure('s3:PutObject', error).reason }
  }
}

async function organization(run: Run): Promise<{ readonly publication: Publication; readonly accounts: number }> {
  const { parts, own, environment, readAt, signal } = run
  const facts = await readFacts(parts.clients(own.region), { ...own, readAt, signal }, VERSION)
  const key = environment.prefix + publishedNames.organization
  return { publication: await publishOrganization(shelfOf(run), key, facts), accounts: accountsIn(facts.file) }
}

/** As people wrote them, and for functions. */
async function settings(run: Run): Promise<Publication> {
  const { parts, environment } = run
  const { settingsSource: source, prefix } = environment
  const asJson = (text: string) => parts.settingsAsJson(text, source, parts.now())
  const written = { key: prefix + publishedNames.writtenSettings, contentType: 'application/yaml' }
  const checked = (text: string) => {
    asJson(text)
    return text
  }
  const forFunctions = { key: prefix + publishedNames.settings, contentType: 'application/json' }
  const outcome = await publishSettings(shelfOf(run), { source, ...forFunctions, render: asJson })
  return (await publishSettings(shelfOf(run), { source, ...written, render: checked })) === 'published'
    ? 'published'
    : outcome
}

/** The bucket is the hub's own. */
export function shelfOf({ parts, own, environment, readAt, signal }: Run): Shelf {
  const { s3: client } = parts.clients(own.region)
  const { sleep, random } = parts
  const bucket = { name: environment.bucket, ownerId: own.accountId }
  return { reader: { ...own, readAt, signal, client, bucket }, sink: { client, bucket, sleep, random } }
}
