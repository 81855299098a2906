// The part of the image that changes with Lanlord: the bundles in dist/, and what no bundle can hold of koffi. Runs in a
// stage of the Dockerfile.
// Usage: node scripts/image/programs.js FOLDER
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ImageRoot } from './files.js'

const root = new ImageRoot(process.argv[2])

function copyBundles() {
  const { name, version, license, type } = JSON.parse(readFileSync('package.json', 'utf8'))
  root.write('lanlord/package.json', `${JSON.stringify({ name, version, license, type })}\n`)
  root.copy('LICENSE', 'lanlord/LICENSE')
  for (const file of readdirSync('dist').filter((file) => file.endsWith('.js'))) {
    root.copy(join('dist', file), join('lanlord/dist', file))
  }
}

/** Of koffi, the parts that run on this architecture and on this libc. */
function copyKoffi() {
  const koffi = 'node_modules/koffi'
  const scripts = ['index.js', 'src/koffi/index.js', 'src/koffi/src/static.js']
  for (const file of ['package.json', 'LICENSE.txt', ...scripts]) {
    root.copy(join(koffi, file), join('lanlord', koffi, file))
  }
  const binding = `node_modules/@koromix/koffi-linux-${process.arch}`
  for (const file of ['package.json', 'index.js', `linux_${process.arch}`]) {
    root.copy(join(binding, file), join('lanlord', binding, file))
  }
}

/** Nothing is missing: each program starts from there. */
function tryPrograms() {
  for (const program of ['controller', 'speaker', 'plan']) {
    execFileSync(process.execPath, [root.pathOf('lanlord/dist/lanlord.js'), program, '--help'])
  }
}

copyBundles()
copyKoffi()
tryPrograms()
root.finish()
