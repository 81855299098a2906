// What both parts of the image need to put files where they are to lie.
import { cpSync, lstatSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A folder that is filled as the root of an image, or a part of it. */
export class ImageRoot {
  #folder

  constructor(folder) {
    if (!folder) throw new Error('say which folder to fill')
    this.#folder = folder
  }

  pathOf(path) {
    return join(this.#folder, path)
  }

  copy(from, to) {
    mkdirSync(dirname(this.pathOf(to)), { recursive: true })
    cpSync(from, this.pathOf(to), { recursive: true, dereference: true })
  }

  write(to, content, mode = 0o644) {
    mkdirSync(dirname(this.pathOf(to)), { recursive: true })
    writeFileSync(this.pathOf(to), content, { mode })
  }

  /** One time for all: a layer with the same content has the same digest then, whenever and wherever it was built. */
  finish(path = '') {
    const full = this.pathOf(path)
    if (lstatSync(full).isDirectory()) for (const name of readdirSync(full)) this.finish(join(path, name))
    utimesSync(full, 0, 0)
  }
}
