// The three parts of undici that api.ts uses. Its index also loads fetch, WebSocket, a cache and mocks: 9 MB resident
// and a tenth of a second at each start of a process that runs on every node.

declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici'

  export = Agent
}

declare module 'undici/lib/core/connect.js' {
  import { buildConnector } from 'undici'

  export = buildConnector
}

declare module 'undici/lib/api/index.js' {
  import type { Dispatcher } from 'undici'

  export function request(
    this: Dispatcher,
    options: Dispatcher.RequestOptions,
  ): Promise<Dispatcher.ResponseData>
}
