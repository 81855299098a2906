// Gathers what the image adds to its base, as it is to lie there, and tries it. Runs in the build stage of the Dockerfile.
// Usage: node scripts/image-root.js FOLDER
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { strip } from './strip.js'

const [root] = process.argv.slice(2)
if (!root) throw new Error('usage: node scripts/image-root.js FOLDER')

function copy(from, to) {
  const target = join(root, to)
  mkdirSync(dirname(target), { recursive: true })
  cpSync(from, target, { recursive: true, dereference: true })
}

function write(to, content, mode = 0o644) {
  const target = join(root, to)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, content, { mode })
}

/** Node itself, and the one library it needs that a base for C++ programs does not have. */
function copyNode() {
  write('usr/local/bin/node', strip(readFileSync(process.execPath)), 0o755)
  const libraries = readdirSync('/usr/lib').map((folder) => join('/usr/lib', folder, 'libatomic.so.1'))
  for (const library of libraries.filter((path) => existsSync(path))) copy(library, library)
  const license = '/usr/local/LICENSE'
  if (existsSync(license)) copy(license, 'usr/share/doc/node/LICENSE')
}

function copyPrograms() {
  const { name, version, license, type } = JSON.parse(readFileSync('package.json', 'utf8'))
  write('lanlord/package.json', `${JSON.stringify({ name, version, license, type })}\n`)
  copy('LICENSE', 'lanlord/LICENSE')
  for (const file of readdirSync('dist').filter((file) => file.endsWith('.js'))) {
    copy(join('dist', file), join('lanlord/dist', file))
  }
}

/** Of koffi, which no bundle can hold, the parts that run on this architecture and on this libc. */
function copyKoffi() {
  const folder = 'node_modules/koffi'
  const scripts = ['index.js', 'src/koffi/index.js', 'src/koffi/src/static.js']
  for (const file of ['package.json', 'LICENSE.txt', ...scripts]) {
    copy(join(folder, file), join('lanlord', folder, file))
  }
  const binding = `node_modules/@koromix/koffi-linux-${process.arch}`
  for (const file of ['package.json', 'index.js', `linux_${process.arch}`]) {
    copy(join(binding, file), join('lanlord', binding, file))
  }
}

/** Nothing is missing: each program starts from there, with the Node that is there. */
function tryPrograms() {
  for (const program of ['controller', 'speaker']) {
    const command = [join(root, 'lanlord/dist/lanlord.js'), program, '--help']
    execFileSync(join(root, 'usr/local/bin/node'), command)
  }
}

/** One time for all: a layer with the same content has the same digest then, whenever and wherever it was built. */
function forgetTimes(path) {
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) forgetTimes(join(path, name))
  utimesSync(path, 0, 0)
}

copyNode()
copyPrograms()
copyKoffi()
tryPrograms()
forgetTimes(root)
