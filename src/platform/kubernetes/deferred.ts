/** A promise that is settled from outside. Nobody has to wait for it: that it was rejected troubles only who does. */
export class Deferred {
  readonly promise: Promise<void>
  fulfil: () => void = () => undefined
  reject: (error: Error) => void = () => undefined

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.fulfil = resolve
      this.reject = reject
    })
    this.promise.catch(() => undefined)
  }
}
