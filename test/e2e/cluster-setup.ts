import { bringSupplies } from '../../src/sandbox/kubernetes/supplies.ts'
import { NoGroundError } from '../../src/sandbox/lan/ground.ts'

/**
 * Runs once before the tests of the real cluster: its programs and images are built, unless they are there. A machine
 * that cannot run one says why in one line, and that ends the run: as a failure where CI is set, else as nothing to do.
 */
export async function setup(): Promise<void> {
  try {
    await bringSupplies((words) => console.warn(words))
  } catch (error) {
    if (!(error instanceof NoGroundError) || process.env['CI']) throw error
    console.warn(`${error.message}; the tests of the real cluster are not run`)
    process.exit(0)
  }
}
