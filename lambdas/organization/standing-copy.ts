import { getText } from '../../shared/sources/published/get-text.ts'
import { MAX_ORGANIZATION_BYTES, MAX_SETTINGS_BYTES, publishedNames } from '../../shared/sources/published/names.ts'
import { organizationFileOf } from '../../shared/sources/published/organization-file.ts'
import { type PublishedFile, type Run, shelfOf } from './publish-all.ts'

/** Whether a copy is published that the functions of this version take. */
export async function standsPublished(run: Run, file: PublishedFile): Promise<boolean> {
  const { key, maxBytes, take } = copyOf(run, file)
  const found = await getText(shelfOf(run).reader, run.environment.prefix + key, maxBytes)
  if (found.state !== 'known') return false
  try {
    take(found.value.text)
    return true
  } catch {
    return false
  }
}

/** Where it is, and what throws when functions would refuse it. Of the settings they read the JSON. */
function copyOf({ parts, readAt }: Run, file: PublishedFile) {
  const { organization, settings } = publishedNames
  switch (file) {
    case 'Organization':
      return {
        ...{ key: organization, maxBytes: MAX_ORGANIZATION_BYTES },
        take: (text: string) => void organizationFileOf(text, new Date(readAt)),
      }
    case 'Settings':
      return {
        ...{ key: settings, maxBytes: MAX_SETTINGS_BYTES },
        take: (text: string) => void parts.settingsAsJson(text, settings, parts.now()),
      }
    default:
      return file satisfies never
  }
}
