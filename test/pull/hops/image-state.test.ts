import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { unknown } from '../../../shared/model/fact.ts'
import type { JsonObject } from '../../../shared/model/json.ts'
import type { HopStatus } from '../../../shared/model/pull.ts'
import type { HopAnswer } from '../../../shared/pull/hops/hop-answer.ts'
import { imageStateAnswer, imageStateHop } from '../../../shared/pull/hops/image-state.ts'
import { parseImageReference } from '../../../shared/pull/image-reference.ts'
import {
  cacheRule,
  creationTemplate,
  type EstatePart,
  elsewhere,
  home,
  listedIn,
  notListed,
  policy,
  registryPolicy,
  repository,
  role,
} from '../../support/builders.ts'
import { worldOf } from '../pull-world.ts'
import { pullersNamed, pullOf } from '../web-service.ts'

interface Case {
  readonly name: string
  readonly image: string
  /** Repositories by name; `images` go into the supplementary configuration. */
  readonly repositories?: readonly {
    readonly name: string
    readonly images?: readonly JsonObject[]
    readonly configuration?: JsonObject
    readonly account?: string
  }[]
  readonly rules?: readonly (JsonObject & {
    readonly prefix: string
    readonly url: string
    readonly account?: string
  })[]
  readonly templates?: readonly (JsonObject & { readonly prefix: string; readonly account?: string })[]
  /** Actions of the role `app`; a second role `node` may do nothing. */
  readonly actions?: readonly string[]
  readonly registryDenies?: readonly string[]
  /** An account whose registry policy lets home import and create. */
  readonly registryOpenIn?: string
  readonly pullers?: readonly string[] | string
  readonly credentials?: string
  readonly notListed?: readonly string[]
  readonly listedIn?: string
  readonly platform?: string
  readonly internet?: boolean
  readonly is: HopStatus
  readonly code: string
  readonly says?: string
  readonly assumes?: string
  readonly assumesNothing?: boolean
  readonly fix?: string
  readonly missing?: string
  /** The whole answer, word by word; the first case of each code has it. */
  readonly tells?: Omit<HopAnswer, 'status' | 'code'>
}

const cases = JSON.parse(readFileSync(new URL('./cases/image-state.json', import.meta.url), 'utf8')) as readonly Case[]

const registryTypes = [
  'AWS::ECR::Repository',
  'AWS::ECR::RegistryPolicy',
  'AWS::ECR::PullThroughCacheRule',
  'AWS::ECR::RepositoryCreationTemplate',
]

function partOf(part: EstatePart, account: string | undefined): EstatePart {
  return account === undefined ? part : elsewhere(part, { accountId: account })
}

function repositoryWith({ name, images, configuration, account }: NonNullable<Case['repositories']>[number]) {
  const part = repository({ name, ...(configuration === undefined ? {} : { configuration }) })
  if (!('item' in part)) throw new Error('no item')
  const supplementaryConfiguration: JsonObject = images === undefined ? {} : { images }
  return partOf({ item: { ...part.item, supplementaryConfiguration } }, account)
}

function estateOf(one: Case): readonly EstatePart[] {
  const deny = { Effect: 'Deny', Principal: '*', Action: [...(one.registryDenies ?? [])], Resource: '*' }
  const actions = ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository']
  const open = { Effect: 'Allow', Principal: { AWS: home.accountId }, Action: actions, Resource: '*' }
  const allowed = policy({ Effect: 'Allow', Action: [...(one.actions ?? ['ecr:*'])], Resource: '*' })
  return [
    role({ name: 'app', inline: { all: allowed } }),
    role({ name: 'node' }),
    ...(one.repositories ?? []).map(repositoryWith),
    ...(one.rules ?? []).map(({ prefix, url, account, ...more }) => partOf(cacheRule(prefix, url, more), account)),
    ...(one.templates ?? []).map(({ prefix, account, ...more }) => partOf(creationTemplate(prefix, more), account)),
    ...(one.registryDenies === undefined ? [] : [registryPolicy(policy(deny), 'V2')]),
    ...(one.registryOpenIn === undefined ? [] : [partOf(registryPolicy(policy(open), 'V1'), one.registryOpenIn)]),
    ...(one.notListed ?? []).map(notListed),
    ...(one.listedIn === undefined ? [] : listedIn({ ...home, accountId: one.listedIn }, ...registryTypes)),
  ]
}

function questionOf({ image, pullers, credentials, platform, internet }: Case) {
  return {
    image: parseImageReference(image),
    pull: pullOf('fargateTask', {
      pullers: typeof pullers === 'string' ? unknown<never>(pullers) : pullersNamed(...(pullers ?? ['app'])),
      ...(credentials === undefined ? {} : { credentials }),
    }),
    platform,
    hasInternetPath: internet,
  }
}

describe('the state of an image', () => {
  test.each(cases)('$name', (one) => {
    const world = worldOf(estateOf(one))
    const answer = imageStateAnswer(world, questionOf(one))
    expect([answer.status, answer.code], answer.reason).toEqual([one.is, one.code])
    if (one.says !== undefined) expect(answer.reason.toLowerCase()).toContain(one.says.toLowerCase())
    if (one.assumes !== undefined) expect(answer.assumptions.join('\n')).toContain(one.assumes)
    if (one.assumesNothing === true) expect(answer.assumptions).toEqual([])
    if (one.missing !== undefined) expect(answer.missing.join('\n')).toContain(one.missing)
    if (one.fix !== undefined) expect(answer.fix).toContain(one.fix)
    if (one.tells !== undefined) expect(answer).toEqual({ status: one.is, code: one.code, ...one.tells })
    expect(answer.fix === undefined).toBe(answer.status !== 'fail')
    expect(answer.missing.length > 0).toBe(answer.status === 'unknown')
    expect(answer.reason).toMatch(/^[A-Z].*[^.\n]$/s)
  })

  test('has a case for each name once', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60)
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  })

  test('is told word by word once for each code', () => {
    const codes = new Set(cases.map(({ code }) => code))
    expect(cases.filter(({ tells }) => tells !== undefined).map(({ code }) => code)).toEqual([...codes])
  })

  test('is the hop of its name', () => {
    const one = cases.find(({ code }) => code === 'tag-absent')!
    const hop = imageStateHop(worldOf(estateOf(one)), questionOf(one))
    expect(hop).toMatchObject({ hop: 'image-state', status: 'fail', code: 'tag-absent' })
    expect('missing' in hop).toBe(false)
  })
})
