import { Logger } from '@aws-lambda-powertools/logger'

/** Names and numbers only: no events, no tokens, no policies. */
export type LogFields = Readonly<Record<string, string | number | boolean>>

/** What functions log to. */
export interface Log {
  info(message: string, fields: LogFields): void
  warn(message: string, fields: LogFields): void
}

/** A log of JSON lines. The type of its fields keeps whole events and result tokens out. */
export function createLog(service: string): Log {
  const logger = new Logger({ serviceName: service })
  return {
    info: (message, fields) => logger.info(message, { ...fields }),
    warn: (message, fields) => logger.warn(message, { ...fields }),
  }
}
