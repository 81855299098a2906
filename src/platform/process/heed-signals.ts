import { firstSignal } from './first-signal.ts'

// Importing this first listens for signals before anything else is loaded.
void firstSignal()
