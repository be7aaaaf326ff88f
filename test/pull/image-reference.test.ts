import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ImageReference, parseImageReference } from '../../shared/pull/image-reference.ts'

interface Case {
  readonly name: string
  readonly image: string
  readonly is: ImageReference
}

const file = new URL('./cases/image-references.json', import.meta.url)
const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly Case[]
const host = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'

describe('an image reference', () => {
  it.each(cases)('$name', ({ image, is }) => {
    expect(parseImageReference(image)).toEqual(is)
  })

  it('has a case for each name once', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60)
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  })
})

describe('a reference without tag or digest', () => {
  it('has no such property', () => {
    expect(Object.keys(parseImageReference('nginx'))).toEqual(['kind', 'host', 'repository'])
    expect(Object.keys(parseImageReference('nginx:1'))).toEqual(['kind', 'host', 'repository', 'tag'])
  })
})

describe('the lengths', () => {
  it('of a repository name end at 256 in ECR and at 255 elsewhere', () => {
    expect(parseImageReference(`${host}/${'a'.repeat(256)}`)).toMatchObject({ kind: 'ecrPrivate' })
    expect(parseImageReference(`${host}/${'a'.repeat(257)}`)).toMatchObject({ kind: 'invalid' })
    expect(parseImageReference(`ghcr.io/${'a'.repeat(255)}`)).toMatchObject({ kind: 'other' })
    expect(parseImageReference(`ghcr.io/${'a'.repeat(256)}`)).toMatchObject({ kind: 'invalid' })
  })

  it('of a tag end at 128', () => {
    expect(parseImageReference(`${host}/app:${'t'.repeat(128)}`)).toMatchObject({ tag: 't'.repeat(128) })
    expect(parseImageReference(`${host}/app:${'t'.repeat(129)}`)).toMatchObject({ kind: 'invalid' })
  })

  it('of a host label end at 63', () => {
    expect(parseImageReference(`${'a'.repeat(63)}.example/app`)).toMatchObject({ kind: 'other' })
    expect(parseImageReference(`${'a'.repeat(64)}.example/app`)).toMatchObject({ kind: 'invalid' })
  })

  it('of the whole text end at 1024', () => {
    expect(parseImageReference('a'.repeat(1024))).toEqual({
      kind: 'invalid',
      reason: 'the repository name is longer than 256 characters',
    })
    expect(parseImageReference('a'.repeat(1025))).toEqual({
      kind: 'invalid',
      reason: 'the image is longer than 1024 characters',
    })
  })

  it('of the whole text end the reading before it starts', () => {
    for (const piece of ['a', '-', 'a-', 'a/', '.', '@', ':', '$', '{{', '1.']) {
      expect(parseImageReference(piece.repeat(1_000_000))).toEqual({
        kind: 'invalid',
        reason: 'the image is longer than 1024 characters',
      })
    }
  })
})

const alphabet = [...`ab1A.-_/:@${'$'}{}%[]<>\u0000 \u0660`, host, 'sha256:', 'public.ecr.aws', 'amazonaws.com']

describe('any text', () => {
  it('is read without an exception, and what is read can be written again', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...alphabet), { maxLength: 12 }), (pieces) => {
        const reference = parseImageReference(pieces.join(''))
        if (reference.kind === 'invalid') return void expect(reference.reason).not.toBe('')
        expect(parseImageReference(written(reference))).toEqual(reference)
      }),
      { numRuns: 5000 },
    )
  })

  it('is a private image only when its host is exactly the one of account, region and form', () => {
    fc.assert(
      fc.property(fc.constantFrom('', 'x', '.', '1', '-', '/', ':', '@'), fc.nat(host.length), (insert, at) => {
        const changed = host.slice(0, at) + insert + host.slice(at)
        const reference = parseImageReference(`${changed}/app`)
        if (reference.kind === 'ecrPrivate') expect(reference.host).toBe(changed)
        if (reference.kind === 'ecrPrivate')
          expect(`${reference.accountId}.dkr.ecr.${reference.region}.amazonaws.com`).toBe(changed)
      }),
    )
  })
})

function written(reference: Exclude<ImageReference, { kind: 'invalid' }>): string {
  const name = reference.kind === 'ecrPublic' ? `${reference.alias}/${reference.repository}` : reference.repository
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`
  return `${spelt(reference.host)}/${name}${tag}${digest}`
}

/** A first part without dot and port is a host only when it has a capital. */
function spelt(host: string): string {
  return /[.:]/.test(host) || host === 'localhost' ? host : host.toUpperCase()
}
