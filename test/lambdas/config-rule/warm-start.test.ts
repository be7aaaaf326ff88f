import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bundleLambda, lambdaEntries, projectRoot } from '../../../infra/bundle.ts'
import { awsClients, clientsPerRegion } from '../../../shared/runtime/aws-clients.ts'

it('makes clients once per region', () => {
  const made: string[] = []
  const clients = clientsPerRegion((region) => {
    made.push(region)
    return awsClients(region)
  })
  const first = clients('eu-central-1')
  expect(clients('eu-central-1')).toBe(first)
  expect(clients('us-east-1')).not.toBe(first)
  expect(made).toEqual(['eu-central-1', 'us-east-1'])
})

it('gives each set of clients its own region', async () => {
  const clients = clientsPerRegion(awsClients)
  expect(await clients('cn-north-1').ecr.config.region()).toBe('cn-north-1')
  expect(await clients('us-east-1').ecr.config.region()).toBe('us-east-1')
})

it.each(Object.entries(lambdaEntries).filter(([name]) => name.endsWith('-auditor')))(
  'the bundle of %s loads as index.js and refuses an empty event by name',
  async (_name, entry) => {
    const folder = mkdtempSync(join(tmpdir(), 'pullpath-bundle-'))
    try {
      writeFileSync(join(folder, 'index.js'), await bundleLambda(entry))
      const script = `
      const { handler } = require('./index.js')
      const context = {
        invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:f',
        getRemainingTimeInMillis: () => 60000,
      }
      handler({}, context).catch((error) => console.log(typeof handler, error.name, error.message.split(':')[0]))`
      const NODE_PATH = join(projectRoot, 'node_modules')
      const output = execFileSync(process.execPath, ['-e', script], {
        cwd: folder,
        env: { ...process.env, NODE_PATH },
        encoding: 'utf8',
      })
      expect(output.trim()).toBe('function InputError event.invokingEvent')
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
