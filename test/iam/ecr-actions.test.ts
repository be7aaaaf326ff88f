import * as client from '@aws-sdk/client-ecr'
import { describe, expect, it } from 'vitest'
import { ecrActions } from '../../shared/iam/ecr-actions.ts'

/** Permissions that no call of the API carries as its name. */
const withoutCommand: readonly string[] = ['BatchImportUpstreamImage', 'GetImageCopyStatus', 'ReplicateImage']
/** Calls that another permission decides. */
const withoutAction: readonly string[] = []

const commands = Object.keys(client)
  .filter((name) => name.endsWith('Command') && name !== '$Command')
  .map((name) => name.slice(0, -'Command'.length))
const actions = ecrActions.map(({ name }) => name.slice('ecr:'.length))

describe('ECR actions', () => {
  it('cover every command of the API', () => {
    expect(commands.length).toBeGreaterThan(40)
    expect(commands.filter((name) => !actions.includes(name)).sort()).toEqual(withoutAction)
  })

  it('hold nothing but commands and permissions known to have none', () => {
    expect(actions.filter((name) => !commands.includes(name)).sort()).toEqual(withoutCommand)
  })

  it('are named once', () => {
    expect(new Set(actions).size).toBe(actions.length)
  })
})
