import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const areas = new Set(['ecr', 'vpc', 'role', 'image'])

/** The two files a person writes for a new rule, by path relative to the root of the project. */
export function scaffold(area: string, id: string): ReadonlyMap<string, string> {
  if (!areas.has(area)) throw new Error(`area: expected one of ${[...areas].join(', ')}`)
  if (!/^[a-z]+(-[a-z0-9]+)+$/.test(id)) throw new Error('id: expected kebab-case words, such as ecr-repository-tagged')
  if (`pullpath-${id}`.length > 64)
    throw new Error('id: the Config rule name pullpath-<id> must fit into 64 characters')
  return new Map([
    [`shared/rules/${area}/${id}.ts`, ruleText(area, id)],
    [`test/rules/${area}/${id}.test.ts`, testText(area, id)],
  ])
}

// The sample decision is whole, so that the walk through CONTRIBUTING.md is green before the first edit.
function ruleText(area: string, id: string): string {
  return `import { clip } from '../../model/quote.ts'
import { compliant, noncompliant } from '../../model/verdict.ts'
import { defineRule } from '../define-rule.ts'
import { noParameters } from '../parameters.ts'

/** TODO: say in one sentence what the rule decides. */
export const rule = defineRule({
  id: '${id}',
  area: '${area}',
  title: 'TODO: state the good condition',
  severity: 'LOW',
  why: 'TODO: what happens to whom when it is not so.',
  fix: 'TODO: what to do.',
  notes: ['TODO: what the rule cannot see.'],
  judges: 'AWS::ECR::Repository',
  reads: [],
  triggers: { change: true, scheduled: true, calls: ['ecr:CreateRepository'] },
  frameworks: {},
  defaultEnabled: false,
  url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html',
  parameters: noParameters,
  evaluate: ({ name }) =>
    name.includes('/')
      ? compliant('The name has a namespace.')
      : noncompliant(\`The name \${clip(name)} has no namespace.\`),
})
`
}

function testText(area: string, id: string): string {
  return `import { rule } from '../../../shared/rules/${area}/${id}.ts'
import { repository } from '../../support/builders.ts'
import { ruleCases } from '../../support/rule-cases.ts'

ruleCases(rule, {
  'a repository with a namespace is as it should be': [repository({ name: 'team/app' }), 'compliant'],
  'a repository without a namespace is reported by its name': [repository({ name: 'app' }), 'noncompliant', 'The name app'],
})
`
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}

function main(): void {
  const [area = '', id = ''] = process.argv.slice(2)
  const root = resolve(option('--root') ?? join(import.meta.dirname, '..'))
  const files = scaffold(area, id)
  const taken = [...files.keys()].find((path) => existsSync(join(root, path)))
  if (taken !== undefined) throw new Error(`${taken} exists already`)
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    process.stdout.write(`wrote ${path}\n`)
  }
  process.stdout.write('now: npm run generate\n')
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) {
  try {
    main()
  } catch (error) {
    process.stderr.write(`new-rule <area> <id>: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
}
