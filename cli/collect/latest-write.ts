/** Writes a thing that changes while it is written: one writing at a time, and of what waits only the newest. */
export class LatestWrite<T> {
  readonly #write: (value: T) => Promise<void>
  #waiting: { readonly value: T } | undefined
  #running: Promise<void> = Promise.resolve()
  #busy = false
  #error: { readonly error: unknown } | undefined

  constructor(write: (value: T) => Promise<void>) {
    this.#write = write
  }

  /** Writes the value soon. */
  request(value: T): void {
    this.#waiting = { value }
    if (this.#busy) return
    this.#busy = true
    this.#running = this.#work()
  }

  /** Resolves when nothing waits. @throws what a writing threw */
  async settled(): Promise<void> {
    await this.#running
    if (this.#error !== undefined) throw this.#error.error
  }

  async #work(): Promise<void> {
    try {
      for (let next = this.#waiting; next !== undefined; next = this.#waiting) {
        this.#waiting = undefined
        await this.#write(next.value)
      }
    } catch (error) {
      this.#error = { error }
    } finally {
      this.#busy = false
    }
  }
}
