/**
 * Input a person can mend: one line that names the file or resource, the field, and what was expected.
 * The CLI prints it and ends with exit code 2; the Lambda handler throws it.
 */
export class InputError extends Error {
  override readonly name = 'InputError'
}
