/**
 * The nearest rows of a collection by usearch: approximate, and in a hundredth of the time that asking all of them takes.
 *
 * It is a view of the table, as a fold is of a log: rows get ever higher numbers and never change, so that what is behind
 * the last number is what is missing, whoever wrote it. Rows that are gone are found and left out by who asks.
 */
import { createHash } from "node:crypto"
import { closeSync, existsSync, openSync, readdirSync, readSync, renameSync, rmSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import type * as Library from "usearch"
import type { Neighbour, Neighbours, Rows } from "../../../kernel/vectors/sqlite/Neighbours.ts"

export type Usearch = Pick<typeof Library, "Index" | "MetricKind" | "ScalarKind">

/** Rows that are taken in at once. */
const batch = 1000

/** The file is written anew when so many rows have come, and when the thread ends. */
const rowsBetweenSaves = 20_000

/** Links of a vector, and how widely is searched when one comes, and when one is asked for. */
const connectivity = 16
const expansionAdd = 128
const expansionSearch = 96

interface Near {
  readonly index: Library.Index
  /** The last row it has. */
  last: number
  saved: number
}

interface Saved {
  readonly path: string
  readonly last: number
  /** Of the file as it was written. */
  readonly digest: string
}

const suffix = ".usearch"

const digestOf = (path: string): string => {
  const hash = createHash("sha256")
  const file = openSync(path, "r")
  try {
    const bytes = Buffer.alloc(4 * 1024 * 1024)
    for (;;) {
      const count = readSync(file, bytes)
      if (count === 0) return hash.digest("hex").slice(0, 32)
      hash.update(bytes.subarray(0, count))
    }
  } finally {
    closeSync(file)
  }
}

export class NearRows implements Neighbours {
  readonly #library: Usearch
  readonly #file: string
  readonly #collections = new Map<string, Near>()

  constructor(library: Usearch, file: string) {
    this.#library = library
    this.#file = file
  }

  #empty(dimensions: number): Library.Index {
    return new this.#library.Index({
      dimensions,
      metric: this.#library.MetricKind.Cos,
      quantization: this.#library.ScalarKind.F32,
      connectivity,
      expansion_add: expansionAdd,
      expansion_search: expansionSearch,
      multi: false
    })
  }

  /** `vectors.db.vs_1.20000-<digest>.usearch`: what a file holds stands in its name, which is changed in one step. */
  #saved(name: string): ReadonlyArray<Saved> {
    const folder = dirname(this.#file)
    const beginning = `${basename(this.#file)}.${name}.`
    if (!existsSync(folder)) return []
    return readdirSync(folder)
      .filter((each) => each.startsWith(beginning) && each.endsWith(suffix))
      .map((each) => {
        const [last, digest = ""] = each.slice(beginning.length, -suffix.length).split("-")
        return { path: join(folder, each), last: Number(last), digest }
      })
      .toSorted((a, b) => b.last - a.last)
  }

  #open(name: string, dimensions: number): Near {
    for (const { digest, last, path } of this.#saved(name)) {
      // The library ends the process where a file is none of its own: what was changed is made again of the rows.
      if (digestOf(path) === digest) {
        const index = this.#empty(dimensions)
        index.load(path)
        if (index.dimensions() === dimensions) return { index, last, saved: last }
      }
      rmSync(path, { force: true })
    }
    return { index: this.#empty(dimensions), last: 0, saved: 0 }
  }

  #save(name: string, near: Near): void {
    if (near.last === near.saved) return
    const fresh = `${this.#file}.${name}.${process.pid}.new`
    near.index.save(fresh)
    const path = `${this.#file}.${name}.${near.last}-${digestOf(fresh)}${suffix}`
    renameSync(fresh, path)
    near.saved = near.last
    for (const old of this.#saved(name)) if (old.path !== path) rmSync(old.path, { force: true })
  }

  /** What has rows that the table never had is of another file: one that was put in its place. */
  #near(name: string, { dimensions, last }: Rows): Near {
    const open = this.#collections.get(name) ?? this.#open(name, dimensions)
    const near = open.last <= last ? open : { index: this.#empty(dimensions), last: 0, saved: 0 }
    this.#collections.set(name, near)
    return near
  }

  follow(name: string, table: Rows): void {
    const { behind, dimensions, last } = table
    const near = this.#near(name, table)
    while (near.last < last) {
      const rows = behind(near.last, batch)
      if (rows.length === 0) {
        near.last = last
        break
      }
      const vectors = new Float32Array(rows.length * dimensions)
      for (const [at, { vector }] of rows.entries()) vectors.set(vector, at * dimensions)
      near.index.add(BigUint64Array.from(rows, ({ row }) => BigInt(row)), vectors)
      near.last = rows.at(-1)!.row
    }
    if (near.last - near.saved >= rowsBetweenSaves) this.#save(name, near)
  }

  nearest(name: string, vector: Float32Array, count: number): ReadonlyArray<Neighbour> {
    const near = this.#collections.get(name)
    if (near === undefined || near.last === 0) return []
    const matches = near.index.search(vector, Math.min(count, near.index.size()), 1)
    const { distances, keys } = matches as Library.Matches
    return Array.from(keys, (key, at) => ({ row: Number(key), distance: distances[at]! }))
  }

  drop(name: string): void {
    this.#collections.delete(name)
    for (const { path } of this.#saved(name)) rmSync(path, { force: true })
  }

  close(): void {
    for (const [name, near] of this.#collections) this.#save(name, near)
  }
}
