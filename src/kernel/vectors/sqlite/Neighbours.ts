/** What finds the nearest rows of a collection faster than by asking all of them. */

export interface VectorRow {
  /** Its number: a row that comes later has a higher one, and none comes twice. */
  readonly row: number
  readonly vector: Float32Array
}

/** The rows of a collection. */
export interface Rows {
  readonly dimensions: number
  /** The highest number that a row has had. */
  readonly last: number
  /** So many behind a number, in order. */
  readonly behind: (after: number, limit: number) => ReadonlyArray<VectorRow>
}

export interface Neighbour {
  readonly row: number
  /** From 0, the same direction, to 2, the opposite one. */
  readonly distance: number
}

export interface Neighbours {
  /** Takes in what came since it was asked last. */
  readonly follow: (name: string, rows: Rows) => void
  /** The nearest first. Rows that are gone may be among them. */
  readonly nearest: (name: string, vector: Float32Array, count: number) => ReadonlyArray<Neighbour>
  readonly drop: (name: string) => void
  readonly close: () => void
}
