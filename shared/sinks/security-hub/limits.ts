/** Largest finding Security Hub takes, bytes of JSON in UTF-8. */
export const MAX_FINDING_BYTES = 240_000
