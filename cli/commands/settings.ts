import { Command } from 'commander'
import { asciiJson } from '../../shared/model/json-escapes.ts'
import { exitCodes } from '../exit-codes.ts'
import { readSettings } from '../input-files.ts'
import { print } from '../standard-output.ts'

/** `pullpath settings <file>`. */
export function settingsCommand(): Command {
  return new Command('settings')
    .description('check a settings file and print it as one line of JSON, as deployed functions take it')
    .argument('<file>', 'settings, YAML or JSON')
    .action(async (file: string) => {
      const { value } = await readSettings(file, 'settings')
      await print(`${asciiJson(value)}\n`, exitCodes.clean)
    })
}
