import { spawn } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'

/** A running moto server. */
export interface Moto {
  readonly endpoint: string
  stop(): void
}

/**
 * Starts `moto_server` from the environment variable MOTO_SERVER on a free port; `variables` are its own besides. Fails when it is
 * not set.
 */
export async function startMoto(variables: Readonly<Record<string, string>> = {}): Promise<Moto> {
  const executable = process.env.MOTO_SERVER
  if (!executable) throw new Error('MOTO_SERVER must name the moto_server executable; scripts/moto-tier.sh sets it')
  const port = await freePort()
  const child = spawn(executable, ['-H', '127.0.0.1', '-p', String(port)], {
    ...{ stdio: 'ignore', env: { ...process.env, ...variables } },
  })
  const endpoint = `http://127.0.0.1:${port}`
  for (let attempt = 0; attempt < 150; attempt++) {
    if (child.exitCode !== null) throw new Error(`${executable} ended with ${child.exitCode}`)
    const up = await fetch(`${endpoint}/moto-api/data.json`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (up) return { endpoint, stop: () => child.kill() }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  child.kill()
  throw new Error(`${executable} did not answer within 30 seconds`)
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
