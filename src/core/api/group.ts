/** The API group of Lanlord's own kinds. */
export const group = 'lanlord.dev'

/** The one version that is served and stored. */
export const version = 'v1beta1'

/** What stands in `apiVersion` of Lanlord's own objects. */
export const apiVersion = `${group}/${version}`

/** The path at the API server below which our own kinds are. */
export const ownGroup = `/apis/${apiVersion}`
