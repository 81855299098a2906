import { setFlagsFromString } from 'node:v8'

/**
 * Tells V8 to keep a process small that has little to remember and much to throw away. Importing this does it, so that
 * what is imported later comes under it; a Worker's start resets one of the flags, so call it again after that. A
 * version of V8 that does not know a flag passes over it.
 */
export function keepHeapSmall(): void {
  // undici's parser is WebAssembly, and optimizing it takes 40 MB once, of which malloc keeps 10 to 30.
  setFlagsFromString('--liftoff-only')
  // The old generation grows by steps of a third instead of doubling.
  setFlagsFromString('--optimize-for-size')
  // The young generation stays at 2 MB, where it would grow to 32 under load and seldom shrink.
  setFlagsFromString('--semi-space-growth-factor=1')
}

keepHeapSmall()
