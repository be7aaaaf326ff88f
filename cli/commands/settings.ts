import { Command } from 'commander'
import { readSettings } from '../input-files.ts'
import { asciiJson } from '../settings-json.ts'

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
