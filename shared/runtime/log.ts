import { Logger } from '@aws-lambda-powertools/logger'

/** Names and numbers only: no events, no tokens, no policies. */
export type LogFields = Readonly<Record<string, string | number | boolean>>

/** What functions log to. */
export interface Log {
  info(message: string, fields: LogFields): void
  warn(message: string, fields: LogFields): void
}

/**
 * A log of JSON lines. The type of its fields keeps whole events and result tokens out; what a terminal or a viewer would act on is
 * taken out of every text, because names and error messages come from the account.
 */
export function createLog(service: string): Log {
  const logger = new Logger({ serviceName: service })
  return {
    info: (message, fields) => logger.info(plain(message), plainFields(fields)),
    warn: (message, fields) => logger.warn(plain(message), plainFields(fields)),
  }
}

function plainFields(fields: LogFields): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [plain(name), typeof value === 'string' ? plain(value) : value]),
  )
}

/** Control and format characters (also those that turn the direction of text), lone surrogates and line separators become spaces. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
}
