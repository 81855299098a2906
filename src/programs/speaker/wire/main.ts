import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import type { WireOptions } from '../messages.ts'
import { WireLoop } from './loop.ts'

const options = workerData as WireOptions

if (!parentPort) throw new Error('speaker-wire is a part of the speaker and does not run by itself')

const config = {
  node: options.node,
  nonce: randomBytes(8).readBigUInt64BE(),
  intervalMs: options.intervalMs,
  missed: 3,
}

using loop = new WireLoop(options, config, parentPort)
loop.run()
