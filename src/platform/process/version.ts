import packageJson from '../../../package.json' with { type: 'json' }

/** The version of Lanlord, and the two versions that the first line of a log has. */
export const { version } = packageJson
export const versions = { version, nodeVersion: process.version }
