import { readFile } from 'node:fs/promises'
import { type GivenParameters, parametersOfText } from '../../shared/deploy-check/parameters-file.ts'
import { readTemplate, type Template } from '../../shared/deploy-check/template.ts'
import { InputError } from '../../shared/model/errors.ts'

/** The options of `pullpath deploy-check`. */
export interface DeployCheckOptions {
  readonly settings: string
  readonly accounts?: number
  readonly regions?: readonly string[]
  readonly homeRegion?: string
  readonly organizationalUnits?: readonly string[]
  readonly parameters?: string
  readonly template?: string
  readonly format: 'table' | 'json'
  readonly color: boolean
}

/** A planned deployment, its files read and none of it checked. */
export interface DeployPlan {
  readonly settingsFile: string
  readonly settingsText: string
  readonly accounts: number | undefined
  readonly regions: readonly string[] | undefined
  readonly homeRegion: string | undefined
  readonly organizationalUnits: readonly string[]
  /** Undefined when no file gives them. */
  readonly parameters: GivenParameters | undefined
  readonly template: Template | undefined
  readonly now: Date
}

/**
 * Reads the files of the plan.
 * @throws InputError for a file that cannot be read, or is no template or no parameters
 */
export async function readPlan(options: DeployCheckOptions): Promise<DeployPlan> {
  const { settings, parameters, template, regions, homeRegion, accounts } = options
  const given = parameters === undefined ? undefined : await parametersIn(parameters)
  return {
    settingsFile: settings,
    settingsText: await textOf(settings, '--settings'),
    ...{ accounts, regions, homeRegion },
    organizationalUnits: options.organizationalUnits ?? [],
    parameters: given,
    template: template === undefined ? undefined : readTemplate(await textOf(template, '--template'), template),
    now: new Date(),
  }
}

async function parametersIn(file: string): Promise<GivenParameters> {
  const parameters = parametersOf(await textOf(file, '--parameters'), file)
  if (parameters !== undefined) return parameters
  const expected = '{"Name":"value"}, ["Name=value"] or a list of ParameterKey and ParameterValue'
  throw new InputError(`--parameters: ${file}: expected ${expected}, each value a text`)
}

function parametersOf(text: string, file: string): GivenParameters | undefined {
  try {
    return parametersOfText(text)
  } catch {
    throw new InputError(`--parameters: ${file}: no JSON`)
  }
}

async function textOf(file: string, option: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new InputError(`${option}: ${file}: cannot be read (${code})`)
  }
}
