import { anyText, compileGlob, type Glob } from './wildcard.ts'

/** Most cells the search may visit; pairs of long patterns beyond it have no answer. */
const maximumCells = 20_000
const filler = 'x'.charCodeAt(0)

/**
 * A text that matches both patterns; undefined when there is none, `'too long'` when the pair is too long to search.
 * Breadth-first over (position in a, position in b): every cell is visited once.
 */
export function commonMatch(first: string, second: string): { readonly text: string } | undefined | 'too long' {
  const a = compileGlob(first)
  const b = compileGlob(second)
  const width = b.length + 1
  if ((a.length + 1) * width > maximumCells) return 'too long'
  const cameFrom = new Int32Array((a.length + 1) * width).fill(-1)
  const emitted = new Int32Array(cameFrom.length).fill(-1)
  const goal = cameFrom.length - 1
  const queue = [0]
  cameFrom[0] = 0
  for (let head = 0; head < queue.length; head += 1) {
    const cell = queue[head] ?? 0
    if (cell === goal) return { text: spell(cell, cameFrom, emitted) }
    for (const [next, unit] of steps(a, b, Math.floor(cell / width), cell % width, width)) {
      if (cameFrom[next] !== -1) continue
      cameFrom[next] = cell
      emitted[next] = unit
      queue.push(next)
    }
  }
  return undefined
}

/** True when some text matches both patterns; also when the pair is too long to decide. */
export function patternsOverlap(first: string, second: string): boolean {
  return commonMatch(first, second) !== undefined
}

/** Moves from one cell: a star may be left behind for free, or both sides consume one code unit. */
function steps(a: Glob, b: Glob, i: number, j: number, width: number): (readonly [number, number])[] {
  const left = a[i]
  const right = b[j]
  const moves: [number, number][] = []
  if (left === anyText) moves.push([(i + 1) * width + j, -1])
  if (right === anyText) moves.push([i * width + j + 1, -1])
  const unit = commonUnit(left, right)
  if (unit !== undefined) {
    moves.push([(left === anyText ? i : i + 1) * width + (right === anyText ? j : j + 1), unit])
  }
  return moves
}

function commonUnit(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return undefined
  if (left < 0) return right < 0 ? filler : right
  return right < 0 || left === right ? left : undefined
}

function spell(goal: number, cameFrom: Int32Array, emitted: Int32Array): string {
  const units: number[] = []
  for (let cell = goal; cell !== 0; cell = cameFrom[cell] ?? 0) {
    const unit = emitted[cell] ?? -1
    if (unit >= 0) units.push(unit)
  }
  return String.fromCharCode(...units.reverse())
}
