import { Command } from 'commander'
import { readSettings } from '../input-files.ts'

/** `pullpath settings <file>`. */
export function settingsCommand(): Command {
  return new Command('settings')
    .description('check a settings file and print it as one line of JSON, as deployed functions take it')
    .argument('<file>', 'settings, YAML or JSON')
    .action(async (file: string) => {
      const { value } = await readSettings(file, 'settings')
      process.stdout.write(`${asciiJson(value)}\n`)
    })
}

/** Escaped beyond ASCII: stack parameters and shells hand it on unchanged. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
