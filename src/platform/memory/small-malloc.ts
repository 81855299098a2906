import koffi from 'koffi'

/** From glibc's malloc.h. */
const option = { trimThreshold: -1, mmapThreshold: -3, mostArenas: -8 } as const

const bytes = 128 * 1024

/**
 * Tells glibc to use one arena for all threads, and to give large blocks back at once: V8's compilers and the buffers
 * of long lists would leave holes in an arena of each thread, 5 MB in all. Importing this does it. Other libraries of C
 * (musl) have no such option, nor need it.
 */
export function keepMallocSmall(): void {
  try {
    const mallopt = koffi.load(null).func('int mallopt(int option, int value)')
    mallopt(option.mostArenas, 1)
    // Set once, they no longer grow with the largest block that was ever freed.
    mallopt(option.mmapThreshold, bytes)
    mallopt(option.trimThreshold, bytes)
  } catch {
    // Without it the process is only larger.
  }
}

keepMallocSmall()
