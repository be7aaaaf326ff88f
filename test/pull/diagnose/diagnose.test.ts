import { describe, expect, it, test } from 'vitest'
import { hopNames } from '../../../shared/model/pull.ts'
import { causes } from '../../../shared/pull/diagnose/causes.ts'
import { diagnose } from '../../../shared/pull/diagnose/diagnose.ts'
import { signatures } from '../../../shared/pull/diagnose/match.ts'
import documented from './cases/documented.json' with { type: 'json' }
import notAPull from './cases/not-a-pull.json' with { type: 'json' }
import taxonomy from './cases/taxonomy.json' with { type: 'json' }
import variations from './cases/variations.json' with { type: 'json' }

interface Case {
  readonly name: string
  readonly text: string
  readonly hop: string
  readonly code: string
  /** Codes that must be candidates too. */
  readonly also?: readonly string[]
}

function judge({ text, hop, code, also = [] }: Case): void {
  const candidates = diagnose(text)
  expect(candidates[0]).toMatchObject({ hop, code })
  expect(candidates.map((candidate) => candidate.code)).toEqual(expect.arrayContaining([...also]))
  const confidences = candidates.map(({ confidence }) => confidence)
  expect(confidences).toEqual([...confidences].sort((a, b) => b - a))
  for (const confidence of confidences) expect(confidence > 0 && confidence <= 1).toBe(true)
}

describe('the strings of the taxonomy', () => {
  test.each(taxonomy as readonly Case[])('$name', judge)

  it('holds every one of its rows', () => {
    const ids = new Set((taxonomy as readonly Case[]).map(({ name }) => name.split(' ')[0]))
    expect([...ids].sort()).toEqual(Array.from({ length: 54 }, (_, index) => `E${index + 1}`).sort())
  })
})

describe('the strings that AWS documents for tasks, in each spelling', () => {
  test.each(documented as readonly Case[])('$name', judge)
})

describe('variations', () => {
  test.each(variations as readonly Case[])('$name', judge)
})

describe('errors of other things', () => {
  test.each(notAPull)('%j is no pull', (text) => {
    expect(diagnose(text)).toEqual([])
  })
})

describe('the table', () => {
  it('names hops that exist, and gives checks and commands for every cause', () => {
    for (const [code, { hop, checks, commands, meaning }] of Object.entries(causes)) {
      expect(hopNames).toContain(hop)
      expect([code, checks.length > 0, commands.length > 0, meaning.endsWith('.')]).toEqual([code, true, true, false])
    }
  })

  it('uses every cause', () => {
    const used = new Set(signatures.flatMap(({ means }) => means.map(([code]) => code)))
    expect(Object.keys(causes).filter((code) => !(used as ReadonlySet<string>).has(code))).toEqual([])
  })

  it('writes needles as messages are read: lower case, straight quotes, single spaces', () => {
    const needles = signatures.flatMap(({ all = [], any = [], none = [] }) => [...all, ...any, ...none])
    expect(needles.filter((needle) => needle !== needle.toLowerCase() || /[’“”\n]|\s\s/.test(needle))).toEqual([])
  })
})

const registry = '111122223333.dkr.ecr.eu-central-1.amazonaws.com'

describe('commands', () => {
  it('hold the account, region, repository and image of the message', () => {
    const [first] = diagnose(`Failed to pull image "${registry}/team/app:1.4": ${registry}/team/app:1.4: not found`)
    expect(first?.commands[0]).toBe(
      'aws ecr describe-images --region eu-central-1 --registry-id 111122223333 --repository-name team/app --image-ids imageTag=1.4',
    )
  })

  it('hold the digest where the image has one', () => {
    const digest = `sha256:${'0a'.repeat(32)}`
    const [first] = diagnose(`Failed to pull image "${registry}/app@${digest}": ${registry}/app@${digest}: not found`)
    expect(first?.commands[0]).toContain(`--image-ids imageDigest=${digest}`)
  })

  it('hold the role of the message and the repository of its ARN', () => {
    const arn = 'arn:aws-cn:ecr:cn-north-1:111122223333:repository/app'
    const user = 'arn:aws-cn:sts::222233334444:assumed-role/puller/0a1b'
    const [first] = diagnose(
      `User: ${user} is not authorized to perform: ecr:BatchGetImage on resource: ${arn} because no identity-based policy allows the ecr:BatchGetImage action`,
    )
    expect(first?.commands).toEqual([
      'aws iam list-attached-role-policies --role-name puller',
      'aws iam list-role-policies --role-name puller',
      'aws ecr get-repository-policy --region cn-north-1 --registry-id 111122223333 --repository-name app',
    ])
  })

  it('look up the host that failed, in its own partition', () => {
    const text = 'CannotPullECRContainerError: Post "https://api.ecr.cn-north-1.amazonaws.com.cn/": i/o timeout'
    expect(diagnose(text)[0]?.commands).toContain('dig +short api.ecr.cn-north-1.amazonaws.com.cn')
  })

  it('have quoted placeholders for what the message does not tell', () => {
    const [first] = diagnose('denied: requested access to the resource is denied')
    expect(first?.commands).toEqual([
      "aws ecr describe-repositories --region '<region>' --registry-id '<account>' --repository-names '<repository>'",
      "aws ecr describe-images --region '<region>' --registry-id '<account>' --repository-name '<repository>' --image-ids 'imageTag=<tag>'",
    ])
  })

  it('take the image of an event from its own field', () => {
    const event = {
      detail: {
        containers: [{ image: `${registry}/app:7` }],
        stoppedReason: 'CannotPullContainerError: context canceled.',
      },
    }
    const commands = diagnose(JSON.stringify(event)).flatMap((candidate) => candidate.commands)
    expect(commands).toContain(`dig +short ${registry}`)
  })

  it('leave open which image it was when the text names two', () => {
    const text = `Image: ${registry}/one:1\nImage: ${registry}/two:1\nWarning Failed denied: requested access to the resource is denied`
    expect(diagnose(text)[0]?.commands[0]).toBe(
      "aws ecr describe-repositories --region eu-central-1 --registry-id 111122223333 --repository-names '<repository>'",
    )
  })
})

describe('hostile text', () => {
  const payloads = [
    '$(id)',
    '`id`',
    ';id',
    '&&id',
    '|id',
    "'id'",
    '"id"',
    '\\nid',
    '>x',
    '<x',
    '\u001b]0;x\u0007',
    '{region}',
    '--profile',
    '\u202e',
    '*',
    '$IFS',
  ]

  test.each(payloads)('%j never reaches a command', (payload) => {
    const texts = [
      `CannotPull: Head "https://${registry}/v2/a${payload}b/manifests/${payload}": dial tcp 10.0.0.1:443: i/o timeout`,
      `User: arn:aws:sts::111122223333:assumed-role/${payload}/x is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:us-east-1:111122223333:repository/${payload} because no identity-based policy allows`,
      `name unknown: The repository with name '${payload}' does not exist in the registry with id '${payload}'`,
      `dial tcp: lookup ${payload}.dkr.ecr.${payload}.amazonaws.com: no such host`,
      `Post "https://api.ecr.${payload}.amazonaws.com/": i/o timeout`,
    ]
    for (const candidate of texts.flatMap(diagnose)) {
      for (const command of candidate.commands) {
        const unquoted = command.replace(/'[^']*'/g, '')
        expect(unquoted).toMatch(/^[A-Za-z0-9 ._/:@+=,>&-]*$/)
        expect(command).not.toContain(
          payload === '*' || payload === '<x' || payload === '>x' ? `a${payload}b` : payload,
        )
      }
    }
  })

  it('is not echoed: control characters never come out', () => {
    const text = `CannotPull \u001b[2J\u0007\u009b ${registry}/app:1: \u0000: not found`
    const printed = JSON.stringify(diagnose(text))
    expect(diagnose(text)[0]?.code).toBe('image-not-found')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(printed).not.toMatch(/[\u0000-\u001f\u007f-\u009f]|\\u00/)
  })

  test.each([
    ['one letter', 'a'],
    ['backslashes', '\\'],
    ['dots', '.'],
    ['line breaks', '\n'],
    ['brackets', '['],
    ['slashes', '/'],
    ['openings of JSON', '{"a":'],
    ['JSON lines', '{"a":"b"}\n'],
    ['addresses', 'dial tcp 10.0.0.1'],
    ['hosts', 'https://api.ecr.us-east-1.amazonaws.com/ i/o timeout '],
    ['ARNs', 'arn:aws:ecr:us-east-1:111122223333:repository/a '],
    ['lines as long as ECS cuts them', `${'x'.repeat(250)}\n`],
    ['errors', `Failed to pull image "${registry}/app:1": no basic auth credentials\n`],
  ])('a megabyte of %s is read to its end', (_, piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length))
    // Reading that goes back would not end before the runner's limit.
    expect(() => diagnose(text)).not.toThrow()
  })

  it('is read from its end when it is too long', () => {
    const error = 'toomanyrequests: You have reached your pull rate limit'
    expect(diagnose(`${'x '.repeat(900_000)}\n${error}`)[0]?.code).toBe('not-ecr-docker-hub-rate-limit')
    expect(diagnose(`${error}\n${'x '.repeat(900_000)}`)).toEqual([])
  })
})
