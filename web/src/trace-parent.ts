const hex = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** The W3C header that begins a trace here, so that the server's spans can be found by what the browser sent. */
export const traceParent = (): { readonly traceparent: string } => ({ traceparent: `00-${hex(16)}-${hex(8)}-01` })
