import type { Context } from 'aws-lambda'
import { ownScopeOf } from '../../shared/live/own-scope.ts'
import type { Scope } from '../../shared/model/resource.ts'
import { readFailure } from '../../shared/sources/failure.ts'
import { publishedNames } from '../../shared/sources/published/names.ts'
import type { Dependencies } from './dependencies.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { type Publication, PublicationRefused, type Shelf } from './publication.ts'
import { publishOrganization } from './publish-organization.ts'
import { publishSettings } from './publish-settings.ts'
import { accountsIn, readFacts } from './read-facts.ts'

/** Time kept back for the last writes, milliseconds. */
const WRITING_TIME = 5_000
/** Form of the files that are written. */
const VERSION = '1'

type HandlerContext = Pick<Context, 'invokedFunctionArn' | 'getRemainingTimeInMillis'>

interface Run {
  readonly parts: Dependencies
  readonly own: Scope
  readonly environment: Environment
  readonly readAt: string
  readonly signal: AbortSignal
}

/**
 * Publishes the organization and the settings, on schedule; nothing in the event counts. Each is published whatever becomes of
 * the other, and what cannot be published stays as it was.
 * @throws Error naming every file that was not published and why
 */
export function createHandler(parts: Dependencies) {
  return async (_event: unknown, context: HandlerContext): Promise<void> => {
    const run: Run = {
      parts,
      own: ownScopeOf(context.invokedFunctionArn),
      environment: readEnvironment(parts.variables()),
      readAt: parts.now().toISOString(),
      signal: AbortSignal.timeout(Math.max(1_000, context.getRemainingTimeInMillis() - WRITING_TIME)),
    }
    const measures = parts.measures()
    const problems: string[] = []
    const attempt = async (name: 'Organization' | 'Settings', publish: () => Promise<Publication>) => {
      const outcome = await settled(publish)
      const done = 'outcome' in outcome
      measures.count(`${name}Published`, done ? 1 : 0)
      if (done) parts.log().info('publication', { file: name, outcome: outcome.outcome })
      else problems.push(`${name}: ${outcome.problem}`)
    }
    await attempt('Organization', async () => {
      const { publication, accounts } = await organization(run)
      measures.count('OrganizationAccounts', accounts)
      return publication
    })
    await attempt('Settings', () => settings(run))
    measures.count('PublicationsRefused', problems.length)
    measures.flush()
    for (const problem of problems) parts.log().warn('not published, the last good copy stays', { problem })
    if (problems.length > 0) throw new Error(`not published: ${problems.join('; ')}`)
  }
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
function shelfOf({ parts, own, environment, readAt, signal }: Run): Shelf {
  const { s3: client } = parts.clients(own.region)
  const { sleep, random } = parts
  const bucket = { name: environment.bucket, ownerId: own.accountId }
  return { reader: { ...own, readAt, signal, client, bucket }, sink: { client, bucket, sleep, random } }
}
