import { InputError } from '../../shared/model/errors.ts'
import { putText } from '../../shared/sinks/bucket/put-text.ts'
import { getText } from '../../shared/sources/published/get-text.ts'
import { MAX_SETTINGS_BYTES } from '../../shared/sources/published/names.ts'
import { type Publication, PublicationRefused, type Shelf, untilSettled } from './publication.ts'

/** What members get where nobody has written settings yet. */
const noSettings = '# No settings: every rule has its defaults.\n{}\n'

/** From where to where, and who decides about the text. */
export interface SettingsCopy {
  readonly source: string
  readonly key: string
  readonly contentType: string
  /** What is published of the text that people wrote; throws InputError when that is not valid. */
  readonly render: (text: string) => string
}

/**
 * Publishes a copy of the settings that people edit, once they are known to be valid. A source that is gone after
 * settings were published changes nothing.
 * @throws PublicationRefused naming file, line and field; what S3 threw
 */
export function publishSettings(
  shelf: Shelf,
  { source, key, contentType, render }: SettingsCopy,
): Promise<Publication> {
  return untilSettled(key, async () => {
    // What is replaced is read first: a copy of a source read before that would be the older one.
    const found = await getText(shelf.reader, key, MAX_SETTINGS_BYTES)
    if (found.state === 'unknown') throw new PublicationRefused(`the published file: ${found.reason}`)
    const text = rendered(await sourceText(shelf, source, found.state === 'known'), render)
    if (found.state === 'known' && found.value.text === text) return 'unchanged'
    const replaced = found.state === 'known' ? { etag: found.value.etag } : 'nothing'
    const written = await putText(shelf.sink, { key, text, contentType }, replaced)
    return written === 'written' ? 'published' : 'conflict'
  })
}

async function sourceText(shelf: Shelf, source: string, isPublished: boolean): Promise<string> {
  const found = await getText(shelf.reader, source, MAX_SETTINGS_BYTES)
  if (found.state === 'known') return found.value.text
  if (found.state === 'unknown') throw new PublicationRefused(`the settings: ${found.reason}`)
  if (isPublished) throw new PublicationRefused(`${source} is gone; the settings published last stay`)
  return noSettings
}

function rendered(text: string, render: (text: string) => string): string {
  const made = renderedOrRefused(text, render)
  if (Buffer.byteLength(made) > MAX_SETTINGS_BYTES) {
    throw new PublicationRefused(`the settings take more than ${MAX_SETTINGS_BYTES} bytes`)
  }
  return made
}

function renderedOrRefused(text: string, render: (text: string) => string): string {
  try {
    return render(text)
  } catch (error) {
    if (error instanceof InputError) throw new PublicationRefused(`the settings are not valid: ${error.message}`)
    throw error
  }
}
