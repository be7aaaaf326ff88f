/** True for text with the shape of a region name, such as `eu-central-1` or `us-gov-west-1`; it need not exist. */
export function isRegionName(text: string): boolean {
  return text.length <= 32 && /^[a-z]{2,}(?:-[a-z]+)+-\d{1,2}$/.test(text)
}
