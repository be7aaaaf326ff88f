import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ManifestWorkload } from '../../../shared/pull/manifest-types.ts'
import type { ManifestLimits } from '../../../shared/sources/manifests/limits.ts'
import { readManifests } from '../../../shared/sources/manifests/read-manifests.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'manifests-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const ecr = '111122223333.dkr.ecr.eu-central-1.amazonaws.com'

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}

/** Reads files; paths of the answer are relative to their directory. */
async function read(files: Readonly<Record<string, string>>, limits: Partial<ManifestLimits> = {}) {
  write(files)
  const { workloads, problems, ...counts } = await readManifests(root, limits)
  const short = (text: string) => text.replaceAll(`${root}/`, '').replaceAll(root, '.')
  return {
    workloads: workloads.map((one) => ({ ...one, file: short(one.file) })),
    problems: problems.map(short),
    ...counts,
  }
}

const names = (workloads: readonly ManifestWorkload[]) =>
  workloads.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`)

const pod = (name: string, image = 'nginx') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: c, image: "${image}"}]}\n`

describe('a directory of manifests', () => {
  test('gives a workload with everything its pods say', async () => {
    const { workloads, problems } = await read({
      'shop/web.yaml': `# the shop
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels: {of: object}
spec:
  template:
    metadata:
      labels: {app: web, tier: 1}
    spec:
      serviceAccountName: web
      runtimeClassName: gvisor
      nodeSelector: {eks.amazonaws.com/nodegroup: blue}
      imagePullSecrets: [{name: regcred}, {name: regcred}]
      initContainers:
        - {name: migrate, image: '${ecr}/migrate:v1'}
      containers:
        - {name: web, image: '${ecr}/web:v1', imagePullPolicy: Always}
      ephemeralContainers:
        - {name: debug, image: busybox}
`,
    })
    expect(problems).toEqual([])
    expect(workloads).toEqual([
      {
        kind: 'Deployment',
        namespace: 'shop',
        name: 'web',
        file: 'shop/web.yaml',
        line: 2,
        images: [
          { container: 'migrate', image: `${ecr}/migrate:v1`, init: true, pullPolicy: undefined },
          { container: 'web', image: `${ecr}/web:v1`, init: false, pullPolicy: 'Always' },
          { container: 'debug', image: 'busybox', init: false, pullPolicy: undefined },
        ],
        serviceAccount: 'web',
        serviceAccountRead: false,
        imagePullSecrets: ['regcred'],
        secretHosts: new Map(),
        nodeSelector: new Map([['eks.amazonaws.com/nodegroup', 'blue']]),
        runtimeClass: 'gvisor',
        labels: new Map([
          ['app', 'web'],
          ['tier', '1'],
        ]),
      },
    ])
  })

  const template = 'template: {spec: {containers: [{name: c, image: nginx}]}}'
  test.each([
    ['apps/v1', 'DaemonSet', `spec: {${template}}`],
    ['apps/v1', 'StatefulSet', `spec: {${template}}`],
    ['apps/v1', 'ReplicaSet', `spec: {${template}}`],
    ['extensions/v1beta1', 'Deployment', `spec: {${template}}`],
    ['v1', 'ReplicationController', `spec: {${template}}`],
    ['batch/v1', 'Job', `spec: {${template}}`],
    ['batch/v1beta1', 'CronJob', `spec: {jobTemplate: {spec: {${template}}}}`],
    ['v1', 'PodTemplate', template],
    ['v1', 'Pod', 'spec: {containers: [{name: c, image: nginx}]}'],
  ])('finds the pods of %s %s', async (apiVersion, kind, body) => {
    const { workloads, problems } = await read({
      'a.yml': `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {generateName: x-}\n${body}\n`,
    })
    expect(problems).toEqual([])
    expect(names(workloads)).toEqual([`${kind} default/x-`])
    expect(workloads[0]!.images.map(({ image }) => image)).toEqual(['nginx'])
  })

  test('passes over kinds that start no pods, the same words of other groups and files that are no manifests', async () => {
    const { workloads, problems, objects, filesRead } = await read({
      'service.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\n',
      'volcano.yaml': 'apiVersion: batch.volcano.sh/v1alpha1\nkind: Job\nmetadata: {name: s}\nspec: {tasks: []}\n',
      'values.yaml': 'image: {{ }}\n',
      'list.yaml': '- a\n- b\n',
      'package.json': '{"name": "x"}',
      'notes.txt': pod('not-read'),
      '.git/a.yaml': pod('hidden'),
      'node_modules/a/a.yaml': pod('package'),
    })
    expect([workloads, problems, objects, filesRead]).toEqual([[], [], 2, 5])
  })

  test('reads several documents of a file and the members of lists, with their lines', async () => {
    const list = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Pod
    metadata: {name: c}
    spec: {containers: [{name: c, image: nginx}]}
  - apiVersion: v1
    kind: PodList
    items:
      - apiVersion: v1
        kind: Pod
        metadata: {name: d}
        spec: {containers: [{name: c, image: nginx}]}
`
    const { workloads, problems } = await read({
      'all.yaml': `%YAML 1.2\n---\n# first\n${pod('a')}---\n---\n# nothing here\n--- # second\n${pod('b')}...\n---\n${list}`,
    })
    expect(problems).toEqual([])
    expect(workloads.map(({ name, line }) => [name, line])).toEqual([
      ['a', 4],
      ['b', 12],
      ['c', 21],
      ['d', 28],
    ])
  })

  test('reads JSON, byte order marks and line ends of Windows', async () => {
    const json = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'j' },
          spec: { containers: [{ name: 'c', image: 'nginx' }] },
        },
      ],
    })
    const { workloads, problems } = await read({
      'a.json': json,
      'b.yaml': `\uFEFF${pod('bom')}`,
      'c.yaml': `${pod('x')}---\n${pod('y')}`.replaceAll('\n', '\r\n'),
    })
    expect(problems).toEqual([])
    expect(names(workloads)).toEqual(['Pod default/j', 'Pod default/bom', 'Pod default/x', 'Pod default/y'])
  })

  test('reads anchors, aliases and merge keys', async () => {
    const { workloads } = await read({
      'a.yaml': `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - &base {name: one, image: nginx, imagePullPolicy: Never}
    - <<: *base
      name: two
`,
    })
    expect(workloads[0]!.images).toEqual([
      { container: 'one', image: 'nginx', init: false, pullPolicy: 'Never' },
      { container: 'two', image: 'nginx', init: false, pullPolicy: 'Never' },
    ])
  })

  test('takes a single file and refuses what is neither file nor directory', async () => {
    write({ 'a.txt': pod('a') })
    const { workloads } = await readManifests(join(root, 'a.txt'))
    expect(names(workloads)).toEqual(['Pod default/a'])
    await expect(readManifests(join(root, 'none'))).rejects.toThrow(/none: no such file or directory; expected/)
  })

  test('does not follow links, and names a manifest that is one', async () => {
    write({ 'inside/a.yaml': pod('a') })
    symlinkSync(root, join(root, 'inside', 'loop'))
    symlinkSync(join(root, 'inside', 'a.yaml'), join(root, 'inside', 'b.yaml'))
    const { workloads, problems } = await readManifests(root)
    expect(names(workloads)).toEqual(['Pod default/a'])
    expect(problems).toEqual([`${join(root, 'inside', 'b.yaml')}: a link, not read`])
  })
})

describe('a broken document', () => {
  test.each([
    ['an open bracket', 'a: [b\n', 'a.yaml:3: not valid YAML (bad indent)'],
    ['an open quote', 'a: "b\n', 'a.yaml:3: not valid YAML (missing char)'],
    ['a tab as indent', 'a:\n\tb: c\n', 'a.yaml:3: not valid YAML (tab as indent)'],
    ['a template of Helm', '{{- if .x }}\na: b\n{{- end }}\n', 'a.yaml:3: not valid YAML (block in flow)'],
    ['an alias without anchor', 'a: *secret\n', 'a.yaml:2: aliases that expand to too much or name no anchor'],
  ])('with %s costs only itself', async (_, broken, problem) => {
    const { workloads, problems } = await read({ 'a.yaml': `---\n${broken}---\n${pod('after')}`, 'b.yaml': pod('b') })
    expect(names(workloads)).toEqual(['Pod default/after', 'Pod default/b'])
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^a\.yaml:\d+: /)
    expect(problems[0]!.replace(/^a\.yaml:\d+/, '')).toBe(problem.replace(/^a\.yaml:\d+/, ''))
  })

  test('names the line of the file, not that of the document', async () => {
    const { problems } = await read({ 'a.yaml': `${pod('a')}---\nok: 1\nbad: "x\n` })
    expect(problems).toEqual(['a.yaml:8: not valid YAML (missing char)'])
  })

  test('of JSON is named', async () => {
    const { problems } = await read({ 'a.json': '{"kind": ' })
    expect(problems).toEqual(['a.json:1: not valid JSON'])
  })

  test('without what its kind needs is named', async () => {
    const { workloads, problems } = await read({
      'a.yaml': [
        'kind: Deployment\nmetadata: {name: a}\n',
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b}\nspec: {replicas: 1}\n',
        'apiVersion: v1\nkind: Pod\nmetadata: {name: c}\nspec: {containers: [{name: x}, {image: {a: b}}, y]}\n',
      ].join('---\n'),
    })
    expect(names(workloads)).toEqual(['Pod default/c'])
    expect(problems).toEqual([
      'a.yaml:1: Deployment default/a: Deployment without an apiVersion',
      'a.yaml:4: Deployment default/b: Deployment without a pod template',
      'a.yaml:9: Pod default/c: container x names no image',
      'a.yaml:9: Pod default/c: container (no name) names no image',
      'a.yaml:9: Pod default/c: container (no name) names no image',
    ])
  })

  test('with keys of object prototypes is read as text', async () => {
    const { workloads } = await read({
      'a.yaml': `apiVersion: v1
kind: Pod
metadata: {name: constructor}
__proto__: {kind: Deployment}
spec:
  nodeSelector: {__proto__: x}
  containers: [{name: c, image: nginx}]
`,
    })
    expect(workloads[0]!.name).toBe('constructor')
    expect([...workloads[0]!.nodeSelector]).toEqual([['__proto__', 'x']])
    expect(({} as Record<string, unknown>).kind).toBeUndefined()
  })
})

describe('the limits', () => {
  test('refuse a bomb of aliases and read on', async () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
    for (let index = 1; index < 9; index++) {
      const before = 'abcdefghi'[index - 1]
      bomb.push(`${'abcdefghi'[index]}: &${'abcdefghi'[index]} [${Array(9).fill(`*${before}`).join(',')}]`)
    }
    const { workloads, problems } = await read({ 'a.yaml': `${bomb.join('\n')}\n---\n${pod('after')}` })
    expect(names(workloads)).toEqual(['Pod default/after'])
    expect(problems).toEqual(['a.yaml:1: aliases that expand to too much or name no anchor'])
  })

  test('refuse many aliases before they take quadratic time', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `k${index}: &a${index} 1\nj${index}: *a${index}`)
    const { problems } = await read({ 'a.yaml': many.join('\n') })
    expect(problems).toEqual(['a.yaml:1: more than 100 aliases'])
  })

  test.each([
    ['brackets', '['.repeat(100_000)],
    ['dashes', `${'- '.repeat(100_000)}x`],
    ['indents', Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('refuse deep nesting of %s', async (_, deep) => {
    const { workloads, problems } = await read({ 'a.yaml': `${deep}\n---\n${pod('after')}` })
    expect(problems).toEqual(['a.yaml:1: nested deeper than 256'])
    expect(names(workloads)).toEqual(['Pod default/after'])
  })

  test('bound files, bytes, objects and directories, and say so', async () => {
    const files = { 'a.yaml': pod('a'), 'b.yaml': `${pod('b1')}---\n${pod('b2')}`, 'c/d/e.yaml': pod('e') }
    const some = async (limits: Partial<ManifestLimits>) => {
      const { workloads, problems } = await read(files, limits)
      return [workloads.map(({ name }) => name), problems]
    }
    expect(await some({})).toEqual([['a', 'b1', 'b2', 'e'], []])
    expect(await some({ files: 1 })).toEqual([['a'], ['.: more than 1 manifests, the others are not read']])
    expect(await some({ fileBytes: 100 })).toEqual([['a', 'e'], ['b.yaml: larger than 100 bytes, not read']])
    expect(await some({ totalBytes: 120 })).toEqual([
      ['a'],
      ['b.yaml: more manifests than can be read, this file and those after it are not'],
    ])
    expect(await some({ objects: 2 })).toEqual([
      ['a', 'b1'],
      [
        'b.yaml:6: more than 2 objects, the others are not read',
        'c/d/e.yaml: more manifests than can be read, this file and those after it are not',
      ],
    ])
    expect(await some({ directoryDepth: 1 })).toEqual([
      ['a', 'b1', 'b2'],
      ['c/d: more than 1 directories deep, not read'],
    ])
  })

  test('refuse a document that is too long and read on', async () => {
    const long = `a: "${'x'.repeat(200)}"\n---\n${pod('after')}`
    const { workloads, problems } = await read({ 'a.yaml': long }, { documentLength: 200 })
    expect(names(workloads)).toEqual(['Pod default/after'])
    expect(problems).toEqual(['a.yaml:1: longer than 200 characters'])
  })

  test('do not meet what a cluster has', async () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `  k${index}: "[{"`).join('\n')
    const { problems } = await read({
      'a.yaml': `apiVersion: v1\nkind: ConfigMap\ndata:\n${keys.replaceAll('[{', 'x')}`,
    })
    expect(problems).toEqual([])
  })
})

describe('service accounts and secrets', () => {
  const account = (more: string, name = 'web') =>
    `apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: ${name}}\n${more}\n`
  const podOf = (more: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {serviceAccountName: web, ${more} containers: [{name: c, image: nginx}]}\n`
  const secret = (name: string, body: string, type = 'kubernetes.io/dockerconfigjson') =>
    `apiVersion: v1\nkind: Secret\ntype: ${type}\nmetadata: {name: ${name}}\n${body}\n`
  const config = (...hosts: readonly string[]) =>
    JSON.stringify({
      auths: Object.fromEntries(hosts.map((host) => [host, { password: 'hunter2', auth: 'aHVudGVyMg==' }])),
    })
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const first = async (...documents: readonly string[]) => {
    const answer = await read({ 'a.yaml': documents.join('---\n') })
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|aHVudGVyMg/)
    return answer.workloads[0]!
  }

  test('bring their image pull secrets to pods that name none', async () => {
    const of = account('imagePullSecrets: [{name: shared}]')
    expect(await first(podOf(''), of)).toMatchObject({ imagePullSecrets: ['shared'], serviceAccountRead: true })
    expect(await first(podOf('imagePullSecrets: [{name: own}],'), of)).toMatchObject({ imagePullSecrets: ['own'] })
    expect(await first(podOf(''), account('', 'other'))).toMatchObject({
      imagePullSecrets: [],
      serviceAccountRead: false,
    })
  })

  test('are those of the same namespace', async () => {
    const other = account('imagePullSecrets: [{name: shared}]').replace('{name: web}', '{name: web, namespace: other}')
    expect(await first(podOf(''), other)).toMatchObject({ imagePullSecrets: [], serviceAccountRead: false })
  })

  test('name the role of KEP-4412, while that of IRSA has no influence', async () => {
    const metadata = (annotation: string) =>
      account('').replace(
        '{name: web}',
        `{name: web, annotations: {eks.amazonaws.com/${annotation}: 'arn:aws:iam::1:role/r'}}`,
      )
    expect((await first(podOf(''), metadata('ecr-role-arn'))).ecrRoleAnnotation).toBe('arn:aws:iam::1:role/r')
    expect(await first(podOf(''), metadata('role-arn'))).not.toHaveProperty('ecrRoleAnnotation')
  })

  test.each([
    ['data', `data: {.dockerconfigjson: "${base64(config(ecr))}"}`, [ecr]],
    ['stringData', `stringData: {.dockerconfigjson: '${config(ecr)}'}`, [ecr]],
    [
      'URLs',
      `stringData: {.dockerconfigjson: '${config('https://index.docker.io/v1/', `${ecr}:443`)}'}`,
      ['index.docker.io', `${ecr}:443`],
    ],
    [
      'names that are no hosts',
      `stringData: {.dockerconfigjson: '${config('user:hunter2@Quay.io', 'pass word')}'}`,
      ['quay.io'],
    ],
  ])('hold logins for hosts, read from %s and without the logins', async (_, body, hosts) => {
    const one = await first(podOf('imagePullSecrets: [{name: s}],'), secret('s', body))
    expect(one.secretHosts).toEqual(new Map([['s', hosts]]))
  })

  test('of the older type hold them too', async () => {
    const body = `stringData: {.dockercfg: '{"${ecr}": {"auth": "aHVudGVyMg=="}}'}`
    const one = await first(podOf('imagePullSecrets: [{name: s}],'), secret('s', body, 'kubernetes.io/dockercfg'))
    expect(one.secretHosts).toEqual(new Map([['s', [ecr]]]))
  })

  test.each([
    ['are encrypted', 'data: {.dockerconfigjson: "ENC[AES256_GCM,data:hunter2]"}', undefined],
    ['are of another type', `stringData: {.dockerconfigjson: '${config(ecr)}'}`, 'Opaque'],
    ['hold no logins', 'stringData: {.dockerconfigjson: "{}"}', undefined],
    ['are empty', '', undefined],
  ])('that %s say nothing', async (_, body, type) => {
    const one = await first(podOf('imagePullSecrets: [{name: s}],'), secret('s', body, type))
    expect(one.secretHosts).toEqual(new Map())
  })

  test('of a broken document do not appear in its problem', async () => {
    const { problems } = await read({ 'a.yaml': `stringData:\n  a: *hunter2\n---\nb: "hunter2\n---\nhunter2: [\n` })
    expect(problems).toHaveLength(3)
    expect(problems.join('\n')).not.toContain('hunter2')
  })
})
