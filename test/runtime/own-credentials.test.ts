import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ownCredentials } from '../../shared/runtime/own-credentials.ts'

const config = `
[profile sso]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Auditor

[sso-session corp]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-central-1

[profile old-sso]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-central-1
sso_account_id = 111122223333
sso_role_name = Auditor

[profile keys]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = secret
`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pullpath-'))
  writeFileSync(join(folder, 'config'), config)
  writeFileSync(join(folder, 'credentials'), '')
  vi.stubEnv('HOME', folder)
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'))
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'))
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
    vi.stubEnv(name, undefined)
  }
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

it('the keys of a profile are its credentials', async () => {
  expect(await ownCredentials('keys')()).toMatchObject({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' })
})

it('the environment is asked without a profile', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENV')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  expect(await ownCredentials(undefined)()).toMatchObject({ accessKeyId: 'AKIAENV' })
})

it.each(['sso', 'old-sso'])('B6 a profile %s that nobody is signed in to says how to sign in', async (profile) => {
  await expect(ownCredentials(profile)()).rejects.toMatchObject({
    name: 'CredentialsProblem',
    message: `profile ${profile}: the SSO session has expired; run aws sso login --profile ${profile}`,
  })
})

it('B6 the profile of the environment is named too', async () => {
  vi.stubEnv('AWS_PROFILE', 'sso')
  await expect(ownCredentials(undefined)()).rejects.toThrow(
    'profile sso: the SSO session has expired; run aws sso login --profile sso',
  )
})

it('a profile that does not exist has no credentials', async () => {
  await expect(ownCredentials('none')()).rejects.toThrow(
    'profile none: no credentials were found; sign in (aws sso login --profile none) or name a profile',
  )
})

it('nothing at all has no credentials', async () => {
  await expect(ownCredentials(undefined)()).rejects.toThrow(
    'the default credentials: no credentials were found; sign in (aws sso login) or name a profile',
  )
})

it('leaves the remarks of the SDK about keys beside a profile unsaid', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAOTHER')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { accessKeyId } = await ownCredentials('keys')()
  expect(accessKeyId).toBe('AKIAEXAMPLE')
  expect(warn).not.toHaveBeenCalled()
  warn.mockRestore()
})
