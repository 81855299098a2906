import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { KubeObject } from './object.ts'

/** One line of the file: what an object became at a revision, or that it went. */
export interface StateRecord {
  readonly revision: number
  readonly shelf: string
  readonly key: string
  readonly object: KubeObject
  readonly deleted?: boolean
}

/** What the file held when it was opened: `revision` is the one its first records, the snapshot, stand for. */
interface Recovered {
  readonly revision: number
  readonly snapshot: readonly StateRecord[]
  readonly changes: readonly StateRecord[]
}

interface Header {
  readonly snapshotRevision: number
  readonly objects: number
}

/**
 * The state of the server as an append-only log: a header, the snapshot it announces, then one line for each change.
 * A line is written before its request is answered, so a killed process loses nothing that it acknowledged; a last
 * line that was cut off had no answer and is dropped.
 */
export class StateFile {
  readonly #path: string
  #descriptor: number | undefined

  constructor(path: string) {
    this.#path = path
    mkdirSync(dirname(path), { recursive: true })
  }

  /** Reads everything, and cuts off the half line that a killed process may have left. */
  read(): Recovered {
    const text = existsSync(this.#path) ? readFileSync(this.#path, 'utf8') : ''
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole.length < text.length) truncateSync(this.#path, Buffer.byteLength(whole))
    const [first, ...rest] = whole.split('\n').slice(0, -1)
    if (first === undefined) return { revision: 0, snapshot: [], changes: [] }
    const header = JSON.parse(first) as Header
    const records = rest.map((line) => JSON.parse(line) as StateRecord)
    return {
      revision: header.snapshotRevision,
      snapshot: records.slice(0, header.objects),
      changes: records.slice(header.objects),
    }
  }

  /** Puts a snapshot in the place of the file at once: a crash leaves the old file or the new one. */
  replace(revision: number, snapshot: readonly StateRecord[]): void {
    const header: Header = { snapshotRevision: revision, objects: snapshot.length }
    const lines = [header, ...snapshot].map((record) => `${JSON.stringify(record)}\n`)
    const fresh = `${this.#path}.new`
    const descriptor = openSync(fresh, 'w', 0o600)
    writeFileSync(descriptor, lines.join(''))
    fsyncSync(descriptor)
    closeSync(descriptor)
    renameSync(fresh, this.#path)
    this.close()
    this.#descriptor = openSync(this.#path, 'a', 0o600)
  }

  append(record: string): void {
    this.#descriptor ??= openSync(this.#path, 'a', 0o600)
    writeSync(this.#descriptor, `${record}\n`)
  }

  close(): void {
    if (this.#descriptor === undefined) return
    fsyncSync(this.#descriptor)
    closeSync(this.#descriptor)
    this.#descriptor = undefined
  }
}
