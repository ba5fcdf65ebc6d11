// What the tests use of a package that has no types.
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  interface Context {
    path: string
    body: unknown
  }
  export class Provider {
    constructor(issuer: string, configuration: object)
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void>): void
    callback(): RequestListener
  }
}
