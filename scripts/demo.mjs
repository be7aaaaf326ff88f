/**
 * `npm run demo`: audits the sample organization and draws one broken pull. Plain JavaScript without dependencies,
 * because on a fresh clone nothing is installed yet and the machine's own Node may be older than the tools.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const cli = join(root, 'dist', 'pullpath.mjs')
const installed = join(root, 'node_modules', '.package-lock.json')
const windows = process.platform === 'win32'

/** npm writes its hidden lock file last, so it is older than package-lock.json exactly when that changed since. */
function needsInstall() {
  if (!existsSync(installed)) return true
  return statSync(join(root, 'package-lock.json')).mtimeMs > statSync(installed).mtimeMs
}

function run(command, args, shell = false) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell })
  if (error) throw error
  return status ?? 1
}

function must(label, status) {
  if (status === 0) return
  console.error(`demo: ${label} failed`)
  process.exit(1)
}

if (needsInstall()) must('npm ci', run('npm', ['ci', '--no-audit', '--no-fund'], windows))
if (!existsSync(cli)) must('npm run build', run('npm', ['run', 'build'], windows))

// npm puts node_modules/.bin first in PATH, but not before the first installation: name the pinned Node.
const pinnedNode = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node')
const node = existsSync(pinnedNode) ? pinnedNode : process.execPath
const organization = join('examples', 'organization')
const status = run(node, [
  cli,
  'audit',
  organization,
  '--settings',
  join(organization, 'settings.yaml'),
  '--fail-on',
  'never',
])
if (status === 3) {
  console.log('\nSome verdicts are undetermined (exit code 3 of the CLI): the sample leaves facts out on purpose.')
}
if (status !== 0 && status !== 3) process.exit(status)

console.log('\nOne of the pulls that fail, hop by hop (pullpath explain --workload returns):\n')
const settings = join(organization, 'settings.yaml')
const explained = run(node, [cli, 'explain', organization, '--settings', settings, '--workload', 'returns', '--quiet'])
// The pull cannot work: that is what there is to see.
process.exitCode = explained === 1 ? 0 : explained || 1
