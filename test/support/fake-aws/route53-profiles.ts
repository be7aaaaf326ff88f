// biome-ignore-all lint/suspicious/noExplicitAny: bodies of requests are whatever a client sent
import { pageFrom, Refusal } from './refusal.ts'

/** What Route 53 Profiles holds in one account and region, in the words of its API. */
export interface FakeProfiles {
  /** Profiles this account may ask for: its own and those shared with it. */
  readonly profileIds: string[]
  readonly associations: any[]
  readonly resources: any[]
  /** Entries the service hands over at most, whatever is asked for. */
  pageSize: number
}

/** No profile. */
export function emptyProfiles(): FakeProfiles {
  return { profileIds: [], associations: [], resources: [], pageSize: 100 }
}

/** Answers the two listings. */
export function route53ProfilesService(profiles: FakeProfiles): (operation: string, body: any) => unknown {
  return (operation, body) => {
    switch (operation) {
      case 'ListProfileAssociations':
        return pageOf(profiles, body, profiles.associations, 'ProfileAssociations')
      case 'ListProfileResourceAssociations': {
        if (!profiles.profileIds.includes(body.ProfileId)) throw new Refusal('ResourceNotFoundException')
        const mine = profiles.resources.filter((one) => one.ProfileId === body.ProfileId)
        return pageOf(profiles, body, mine, 'ProfileResourceAssociations')
      }
      default:
        throw new Refusal('UnknownOperationException')
    }
  }
}

function pageOf({ pageSize }: FakeProfiles, body: any, all: readonly unknown[], key: string) {
  const asked = Number(body.maxResults ?? 100)
  if (!(asked >= 1 && asked <= 100)) throw new Refusal('ValidationException')
  if (body.nextToken !== undefined && !/^\d+$/.test(body.nextToken)) throw new Refusal('InvalidNextTokenException')
  const { page, next } = pageFrom(all, body.nextToken, Math.min(asked, pageSize))
  return { [key]: page, NextToken: next }
}
