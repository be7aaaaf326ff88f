import { spawn } from 'node:child_process'
import { existsSync, openSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { endOfOutput } from '../../cli/standard-output.ts'

const failure = (code: string) => Object.assign(new Error(`write ${code}`), { code })

describe('standard output that fails', () => {
  it('ends with what was reached when the reader closed the pipe, and never as a pass when nothing was', () => {
    expect(endOfOutput(failure('EPIPE'), 1)).toEqual({ exitCode: 1 })
    expect(endOfOutput(failure('EPIPE'), 0)).toEqual({ exitCode: 0 })
    expect(endOfOutput(failure('EPIPE'), undefined)).toEqual({ exitCode: 4 })
  })

  it('ends with 4 and one line when it cannot be written', () => {
    expect(endOfOutput(failure('ENOSPC'), 0)).toEqual({
      exitCode: 4,
      message: 'pullpath: standard output: cannot be written (ENOSPC)\n',
    })
  })
})

interface Ended {
  readonly code: number | null
  readonly stderr: string
}

/** Runs the command line; `taken` bytes of its output are read, and then the pipe is closed. */
function closedEarly(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['cli/main.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.once('data', () => child.stdout.destroy())
  return ended(child)
}

function ended(child: ReturnType<typeof spawn>): Promise<Ended> {
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk)
  })
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stderr }))
  })
}

describe('a reader that closes the pipe early', () => {
  it.each([[['audit', 'examples/organization', '--quiet']], [['explain', 'examples/organization', '--quiet']]])(
    'does not turn a failure of %j into a pass',
    async (args) => {
      expect(await closedEarly([...args, '--format', 'json'])).toEqual({ code: 1, stderr: expect.any(String) })
    },
  )
})

it.runIf(existsSync('/dev/full'))('a device that is full ends with 4 and one line', async () => {
  const stdio = ['ignore', openSync('/dev/full', 'w'), 'pipe'] as const
  expect(await ended(spawn(process.execPath, ['cli/main.ts', 'rules', 'list'], { stdio: [...stdio] }))).toEqual({
    code: 4,
    stderr: 'pullpath: standard output: cannot be written (ENOSPC)\n',
  })
})
