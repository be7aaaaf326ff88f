import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What a folder may import: folders of this project, packages (`@aws-sdk/` is a prefix) and, if `node`, built-ins. */
interface Allowance {
  readonly folders: readonly string[]
  readonly packages: readonly string[]
  readonly node?: boolean
}

const anyShared = ['shared/']
/** Interfaces only: `import type` of these is no dependency at run time. */
const byInterface = new Map([
  ['shared/engine', ['shared/sources', 'shared/sinks']],
  ['shared/sources/manifests', ['shared/pull']],
])

const table = new Map<string, Allowance>([
  ['shared/model', { folders: [], packages: [] }],
  ['shared/inventory', { folders: ['shared/model'], packages: ['cidr-tools'] }],
  ['shared/iam', { folders: ['shared/model'], packages: [] }],
  ['shared/network', { folders: ['shared/model', 'shared/inventory'], packages: ['cidr-tools'] }],
  ['shared/pull', { folders: ['shared/model', 'shared/inventory', 'shared/iam', 'shared/network'], packages: [] }],
  [
    'shared/rules',
    {
      folders: ['shared/model', 'shared/inventory', 'shared/iam', 'shared/network', 'shared/pull'],
      packages: ['zod'],
    },
  ],
  ['shared/fixes', { folders: ['shared/model', 'shared/rules'], packages: [] }],
  ['shared/sources', { folders: ['shared/model', 'shared/inventory'], packages: ['@aws-sdk/'], node: true }],
  [
    'shared/sources/polite',
    { folders: ['shared/model', 'shared/inventory', 'shared/sources'], packages: ['@aws-sdk/', 'limiter'], node: true },
  ],
  [
    'shared/sources/route53-profiles',
    { folders: ['shared/model', 'shared/inventory', 'shared/sources'], packages: ['@aws-sdk/', 'aws4fetch'] },
  ],
  ['shared/sources/manifests', { folders: ['shared/model'], packages: ['yaml'], node: true }],
  [
    'shared/sinks',
    {
      folders: ['shared/model', 'shared/fixes'],
      packages: ['@aws-sdk/', 'wrap-ansi', 'zod'],
      node: true,
    },
  ],
  ['shared/events', { folders: ['shared/model'], packages: ['zod'] }],
  [
    'shared/engine',
    { folders: ['shared/model', 'shared/inventory', 'shared/rules'], packages: ['zod', 'yaml', '@noble/hashes'] },
  ],
  ['shared/cost', { folders: ['shared/model', 'shared/rules'], packages: [] }],
  [
    'shared/deploy-check',
    {
      // Of shared/sources the size of what a hub publishes.
      folders: ['shared/model', 'shared/inventory', 'shared/pull', 'shared/rules', 'shared/engine', 'shared/sources'],
      packages: [],
    },
  ],
  [
    'shared/live',
    {
      folders: [
        'shared/model',
        'shared/inventory',
        'shared/pull',
        'shared/rules',
        'shared/engine',
        'shared/events',
        'shared/sources',
        'shared/runtime',
      ],
      packages: ['@aws-sdk/', 'zod'],
      node: true,
    },
  ],
  [
    'shared/runtime',
    {
      folders: ['shared/model', 'shared/sources'],
      packages: ['zod', '@aws-sdk/', '@smithy/', '@aws-lambda-powertools/'],
      node: true,
    },
  ],
  ['cli', { folders: anyShared, packages: ['commander', 'zod', 'wrap-ansi', 'cli-progress', '@aws-sdk/'], node: true }],
  [
    'lambdas/config-rule',
    { folders: anyShared, packages: ['aws-lambda', '@aws-sdk/', '@aws-lambda-powertools/', 'zod'], node: true },
  ],
  [
    // It judges images too, as every function behind AWS Config rules judges.
    'lambdas/pull-failure',
    {
      folders: [...anyShared, 'lambdas/config-rule'],
      packages: ['aws-lambda', '@aws-sdk/', '@aws-lambda-powertools/', 'zod'],
      node: true,
    },
  ],
  ...['finding-publisher', 'organization', 'organization-report', 'resource-change'].map(
    (name): [string, Allowance] => [
      `lambdas/${name}`,
      { folders: anyShared, packages: ['aws-lambda', '@aws-sdk/', '@aws-lambda-powertools/', 'zod'], node: true },
    ],
  ),
  [
    'infra',
    {
      // Of shared/live the calls of a function that reads more than rules ask for.
      folders: ['shared/rules', 'shared/sources', 'shared/events', 'shared/live'],
      packages: ['aws-cdk-lib', 'constructs', 'cdk-nag', 'esbuild'],
      node: true,
    },
  ],
])

interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
}

function filesUnder(folder: string): readonly string[] {
  const path = join(root, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((file) => relative(root, join(path, file)).split(sep).join('/'))
    .filter((file) => file.endsWith('.ts'))
    .sort()
}

/** Removes comments line by line; strings that hold `//` keep at least their quotes' start, which is all imports need. */
function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

/** Static, side-effect, dynamic and `require` imports, type-only ones and re-exports. */
function importsOf(source: string): readonly Import[] {
  const text = withoutComments(source)
  const from = [...text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[\w*$\s{},]*?)\s*from\s*['"]([^'"]+)['"]/gm)]
  const bare = [...text.matchAll(/^\s*import\s*['"]([^'"]+)['"]/gm)]
  const called = [...text.matchAll(/\b(?:import|require)\(\s*['"`]([^'"`]+)['"`]/g)]
  return [
    ...from.map(([, type, specifier]) => ({ specifier: specifier!, typeOnly: type !== undefined })),
    ...[...bare, ...called].map(([, specifier]) => ({ specifier: specifier!, typeOnly: false })),
  ]
}

/** The row of the table a file belongs to: the longest folder that contains it. */
function folderOf(file: string): string | undefined {
  return [...table.keys()].filter((folder) => file.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0]
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier)
}

/** Says what is wrong with an import, or nothing. */
function violation(file: string, { specifier, typeOnly }: Import): string | undefined {
  const folder = folderOf(file)
  const allowed = folder === undefined ? undefined : table.get(folder)
  if (folder === undefined || allowed === undefined) return `${file}: its folder is not in the import table`
  const refused = `${file} imports ${specifier}`
  if (isBuiltin(specifier)) return allowed.node === true && specifier.startsWith('node:') ? undefined : refused
  if (!specifier.startsWith('.')) {
    const known = allowed.packages.some((name) =>
      name.endsWith('/') ? specifier.startsWith(name) : specifier === name || specifier.startsWith(`${name}/`),
    )
    return known ? undefined : refused
  }
  // The version of the command, and of what functions write, is the manifest's.
  if (folder === 'cli' && specifier === '../package.json') return undefined
  if (folder.startsWith('lambdas') && specifier === '../../package.json') return undefined
  // Tables of data lie beside the file that explains them.
  if (specifier.startsWith('./') && specifier.endsWith('.json')) return undefined
  if (!specifier.endsWith('.ts')) return `${refused}: relative imports carry the .ts extension`
  const target = posix.normalize(posix.join(posix.dirname(file), specifier))
  const folders = [folder, ...allowed.folders, ...(typeOnly ? (byInterface.get(folder) ?? []) : [])]
  return folders.some((name) => target.startsWith(name.endsWith('/') ? name : `${name}/`)) ? undefined : refused
}

const sources = ['shared', 'cli', 'lambdas', 'infra'].flatMap(filesUnder)
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

describe('the import scan', () => {
  it('finds every form of import', () => {
    const source = [
      "import { a } from './a.ts'",
      "import type {\n  B,\n} from './b.ts'",
      "import './c.ts'",
      "export { d } from './d.ts'",
      "export * from './e.ts'",
      "const f = await import('./f.ts')",
      "import g, { type G } from 'g'",
      "// import { no } from './no.ts'",
      "/* import { no } from './no.ts' */",
    ].join('\n')
    expect([...importsOf(source)].map(({ specifier }) => specifier).sort()).toEqual([
      './a.ts',
      './b.ts',
      './c.ts',
      './d.ts',
      './e.ts',
      './f.ts',
      'g',
    ])
    expect(importsOf(source).find(({ specifier }) => specifier === './b.ts')!.typeOnly).toBe(true)
  })

  it.each([
    ['shared/model/arn.ts', '../iam/access-types.ts'],
    ['shared/iam/match/glob.ts', '../../inventory/ecr.ts'],
    ['shared/rules/ecr/some-rule.ts', '../../sources/ecr/reader.ts'],
    ['shared/rules/ecr/some-rule.ts', '@aws-sdk/client-ecr'],
    ['shared/inventory/build.ts', 'node:fs'],
    ['shared/sources/ecr/reader.ts', 'fs'],
    ['shared/engine/audit.ts', '../sinks/config/put.ts'],
    ['lambdas/config-rule/handler.ts', '../../cli/main.ts'],
    ['infra/app.ts', '../shared/engine/audit.ts'],
    ['shared/model/arn.ts', './fact'],
    ['shared/new-folder/a.ts', './b.ts'],
  ])('refuses that %s imports %s', (file, specifier) => {
    expect(violation(file, { specifier, typeOnly: false })).toMatch(file)
  })

  it('lets the engine name the interfaces of sources and sinks but not their code', () => {
    const specifier = '../sinks/config/sink.ts'
    expect(violation('shared/engine/audit.ts', { specifier, typeOnly: true })).toBeUndefined()
    expect(violation('shared/engine/audit.ts', { specifier, typeOnly: false })).toBeDefined()
  })
})

describe('the source', () => {
  it('keeps the import table', () => {
    expect(sources.length).toBeGreaterThan(40)
    const violations = sources.flatMap((file) => importsOf(read(file)).flatMap((found) => violation(file, found) ?? []))
    expect(violations).toEqual([])
  })

  it('has no default export', () => {
    expect(sources.filter((file) => /^export default\b/m.test(withoutComments(read(file))))).toEqual([])
  })

  it('has no any type', () => {
    const any = /(?::|\bas|<|,|\|)\s*any\b\s*(?:[,;)>=\]|&]|\[\]|$)/m
    expect(any.test('function f(a: any) {}')).toBe(true)
    expect(sources.filter((file) => any.test(withoutStrings(withoutComments(read(file)))))).toEqual([])
  })

  it('has no file whose name says nothing', () => {
    const empty = new Set(['utils.ts', 'util.ts', 'helpers.ts', 'helper.ts', 'common.ts', 'misc.ts'])
    expect(sources.filter((file) => empty.has(basename(file)))).toEqual([])
  })

  it('has kebab-case file names', () => {
    const name = /^[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/
    expect(sources.filter((file) => !name.test(basename(file)))).toEqual([])
  })
})

describe('the READMEs', () => {
  const topFolders = ['cli', 'lambdas', 'shared', 'infra', 'test', 'examples', 'bench', 'docs', 'scripts']
  const sharedFolders = [...new Set(filesUnder('shared').map(dirname))]
    .map((folder) => folder.split('/').slice(0, 2).join('/'))
    .filter((folder, index, all) => folder !== 'shared' && all.indexOf(folder) === index)

  it.each([...topFolders, ...sharedFolders])('%s has one that says what lives there', (folder) => {
    expect(existsSync(join(root, folder, 'README.md')), `${folder}/README.md`).toBe(true)
    expect(read(`${folder}/README.md`).length).toBeGreaterThan(150)
  })
})

function withoutStrings(text: string): string {
  return text.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''")
}
