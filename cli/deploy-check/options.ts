import { InvalidArgumentError } from 'commander'

/** Parses a whole number from 1 to `most`. */
export function wholeNumber(most: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (!/^\d{1,9}$/.test(value) || number < 1 || number > most) {
      throw new InvalidArgumentError(`expected a whole number from 1 to ${most}.`)
    }
    return number
  }
}

/** Parses words separated by commas, as they are: what is wrong with them is for a check to say. */
export function words(value: string): readonly string[] {
  return value.split(',').map((word) => word.trim())
}
