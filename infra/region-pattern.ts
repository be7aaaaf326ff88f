/** The name of a region, for patterns of parameters: one pattern, so that what the hub takes every member takes, too. */
export const regionPattern = '[a-z]{2,5}(-[a-z]+)+-[0-9]+'
