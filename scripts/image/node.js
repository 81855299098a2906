// The part of the image that changes with Node: Node itself, and the one library it needs that a base for programs in
// C++ does not have. Runs in a stage of the Dockerfile.
// Usage: node scripts/image/node.js FOLDER
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ImageRoot } from './files.js'
import { strip } from './strip.js'

const root = new ImageRoot(process.argv[2])
const program = 'usr/local/bin/node'

root.write(program, strip(readFileSync(process.execPath)), 0o755)
for (const folder of readdirSync('/usr/lib')) {
  const library = join('/usr/lib', folder, 'libatomic.so.1')
  if (existsSync(library)) root.copy(library, library)
}
if (existsSync('/usr/local/LICENSE')) root.copy('/usr/local/LICENSE', 'usr/share/doc/node/LICENSE')

execFileSync(root.pathOf(program), ['--version'])
root.finish()
