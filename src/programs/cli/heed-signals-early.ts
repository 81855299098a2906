import { firstSignal } from '../../platform/process/first-signal.ts'

const [, , program] = process.argv

// The other programs listen for signals themselves, in ways of their own.
if (program === 'controller' || program === 'speaker') void firstSignal()
