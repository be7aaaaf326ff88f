import { DescribeRepositoriesCommand } from '@aws-sdk/client-ecr'
import { afterEach, describe, expect, it } from 'vitest'
import { politeRoute53Profiles } from '../../../shared/sources/polite/polite-route53-profiles.ts'
import type { Route53ProfilesClient } from '../../../shared/sources/route53-profiles/client.ts'
import { json, refused } from '../../support/fault-server/answers.ts'
import { type FaultServer, startFaultServer } from '../../support/fault-server/fault-server.ts'
import { place, politeEcr, testPoliteness } from './support.ts'

let server: FaultServer | undefined

afterEach(async () => {
  await server?.close()
  server = undefined
})

describe('the report of a call', () => {
  it('counts requests and names operation, place and last error', async () => {
    server = await startFaultServer([refused('ThrottlingException'), json({ repositories: [] })])
    const politeness = testPoliteness()
    await politeEcr(server.endpoint, politeness).send(new DescribeRepositoriesCommand({}))
    expect(politeness.reports).toEqual([
      { ...place, operation: 'DescribeRepositories', attempts: 2, outcome: 'answered', error: 'ThrottlingException' },
    ])
    expect(politeness.budget).toMatchObject({ taken: 2, throttles: 1 })
  })

  it('says that a call failed', async () => {
    server = await startFaultServer([refused('AccessDeniedException')])
    const politeness = testPoliteness()
    const call = politeEcr(server.endpoint, politeness).send(new DescribeRepositoriesCommand({}))
    await expect(call).rejects.toThrow('AccessDeniedException happened')
    expect(politeness.reports).toEqual([
      { ...place, operation: 'DescribeRepositories', attempts: 1, outcome: 'failed', error: 'AccessDeniedException' },
    ])
  })

  it('has no error when nothing went wrong', async () => {
    server = await startFaultServer([json({ repositories: [] })])
    const politeness = testPoliteness()
    await politeEcr(server.endpoint, politeness).send(new DescribeRepositoriesCommand({}))
    expect(politeness.reports).toEqual([
      { ...place, operation: 'DescribeRepositories', attempts: 1, outcome: 'answered' },
    ])
  })
})

describe('the signals of a call', () => {
  it('end it with the reason of the caller, whatever the service said before', async () => {
    const controller = new AbortController()
    server = await startFaultServer(({ n }) => (n === 1 ? refused('ThrottlingException') : { kind: 'hang' }))
    const politeness = testPoliteness()
    const call = politeEcr(server.endpoint, politeness).send(new DescribeRepositoriesCommand({}), {
      abortSignal: controller.signal,
    })
    await expect.poll(() => server?.requests.length).toBe(2)
    controller.abort(new Error('time is up'))
    await expect(call).rejects.toThrow('time is up')
  })

  it('of the process end it too', async () => {
    const controller = new AbortController()
    server = await startFaultServer([{ kind: 'hang' }])
    const call = politeEcr(server.endpoint, testPoliteness({ signal: controller.signal })).send(
      new DescribeRepositoriesCommand({}),
    )
    await expect.poll(() => server?.requests.length).toBe(1)
    controller.abort(new Error('interrupted'))
    await expect(call).rejects.toThrow('interrupted')
  })

  it('that have ended already let no request out', async () => {
    server = await startFaultServer([json({ repositories: [] })])
    const call = politeEcr(server.endpoint, testPoliteness()).send(new DescribeRepositoriesCommand({}), {
      abortSignal: AbortSignal.abort(new Error('over')),
    })
    await expect(call).rejects.toThrow('over')
    expect(server.requests).toHaveLength(0)
  })

  it('leave no listeners behind', async () => {
    server = await startFaultServer([json({ repositories: [] })])
    const controller = new AbortController()
    let listening = 0
    const add = controller.signal.addEventListener.bind(controller.signal)
    const remove = controller.signal.removeEventListener.bind(controller.signal)
    controller.signal.addEventListener = (...parameters: Parameters<typeof add>) => {
      listening += 1
      add(...parameters)
    }
    controller.signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
      listening -= 1
      remove(...parameters)
    }
    await politeEcr(server.endpoint, testPoliteness({ signal: controller.signal })).send(
      new DescribeRepositoriesCommand({}),
    )
    expect(listening).toBe(0)
  })
})

describe('the client of Route 53 Profiles', () => {
  it('tries again what is throttled and passes its parameters on', async () => {
    const asked: unknown[] = []
    const throttled = Object.assign(new Error('slow'), { name: 'ThrottlingException' })
    const bareClient: Route53ProfilesClient = {
      listProfileAssociations: async (token) => {
        asked.push(token)
        if (asked.length === 1) throw throttled
        return { entries: [], NextToken: undefined }
      },
      listProfileResourceAssociations: async (profileId, token) => {
        asked.push([profileId, token])
        return { entries: [], NextToken: 'more' }
      },
    }
    const politeness = testPoliteness()
    const client = politeRoute53Profiles({ ...place, service: 'route53profiles' }, () => bareClient, politeness)
    const abortSignal = new AbortController().signal
    await client.listProfileAssociations('t1', { abortSignal })
    expect(await client.listProfileResourceAssociations('rp-1', 't2', { abortSignal })).toEqual({
      entries: [],
      NextToken: 'more',
    })
    expect(asked).toEqual(['t1', 't1', ['rp-1', 't2']])
    expect(politeness.reports.map(({ operation, attempts }) => [operation, attempts])).toEqual([
      ['ListProfileAssociations', 2],
      ['ListProfileResourceAssociations', 1],
    ])
  })
})
