export { clip, listed } from '../model/quote.ts'
