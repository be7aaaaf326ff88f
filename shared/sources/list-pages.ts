import { MalformedAnswer } from './failure.ts'

/** More pages than any registry has (100,000 repositories at 100 a page). */
const MAX_PAGES = 1_000

/** One page of a listing. */
export interface Page<T> {
  readonly entries: readonly T[]
  readonly nextToken: string | undefined
}

/**
 * Reads every page of a listing. An empty page with a token goes on; a token seen before or too many pages is an
 * error, because a silently short listing would look like resources that are gone.
 * @throws MalformedAnswer when the paging never ends
 */
export async function listPages<T>(
  readPage: (token: string | undefined) => Promise<Page<T>>,
  maxPages = MAX_PAGES,
): Promise<readonly T[]> {
  const entries: T[] = []
  const seen = new Set<string>()
  let token: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const { entries: found, nextToken } = await readPage(token)
    entries.push(...found)
    if (nextToken === undefined || nextToken === '') return entries
    if (typeof nextToken !== 'string' || seen.has(nextToken)) throw new MalformedAnswer('listing repeats a page token')
    seen.add(nextToken)
    token = nextToken
  }
  throw new MalformedAnswer(`listing has more than ${maxPages} pages`)
}
