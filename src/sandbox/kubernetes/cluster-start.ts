import type { Api } from '../../platform/kubernetes/api.ts'
import type { Components } from './components.ts'
import type { ClusterOptions } from './options.ts'
import type { Site } from './site.ts'
import type { Supplies } from './supplies.ts'

/** What a cluster is started with. */
export interface ClusterStart {
  readonly options: ClusterOptions
  readonly supplies: Supplies
  readonly site: Site
  readonly components: Components
  readonly api: Api
}
